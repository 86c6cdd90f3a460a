import { $OpenApiUtil } from "@alicloud/openapi-core";
import type { InferOutput } from "valibot";

import type { Answer, CallLimit } from "../../audit/cloud.ts";
import { ask, type ClientTarget } from "./ask.ts";
import type { CallSubject } from "./classify-answer.ts";
import type { AnswerSchema } from "./read-answer.ts";

/** A call of an RPC-style API, such as those of VPC, ECS and STS. */
export interface RpcCall extends Omit<CallSubject, "action" | "endpoint"> {
  /** The product's code in RAM, for example `vpc`. */
  readonly product: string;
  readonly operation: string;
  /** The version of the product's API, a date. */
  readonly version: string;
  /** @default none */
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as the body, for parameters that must not be in a URL. @default none */
  readonly form?: Readonly<Record<string, string>>;
}

/**
 * Makes one call of an RPC-style API without the models of an SDK. It is unsigned where the target has
 * no credentials.
 *
 * @param schema - validates the body of the answer
 * @param limit - ends the call
 * @throws `CallError`, and no other error
 * @see https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
 */
export async function askRpc<S extends AnswerSchema>(
  call: RpcCall,
  target: ClientTarget,
  schema: S,
  limit: CallLimit,
): Promise<Answer<InferOutput<S>>> {
  const { product, operation, version, query = {}, form, ...subject } = call;
  const params = new $OpenApiUtil.Params({
    action: operation,
    version,
    protocol: "HTTPS",
    pathname: "/",
    method: "POST",
    authType: target.credentials === undefined ? "Anonymous" : "AK",
    style: "RPC",
    reqBodyType: "formData",
    bodyType: "json",
  });
  const request = new $OpenApiUtil.OpenApiRequest({
    query: { ...query },
    ...(form !== undefined && { body: { ...form } }),
  });
  return ask(
    { ...subject, action: `${product}:${operation}` },
    target,
    schema,
    (client, runtime) => client.callApi(params, request, runtime),
    limit,
  );
}
