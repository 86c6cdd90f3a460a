import type { $OpenApiUtil } from "@alicloud/openapi-core";
import VpcSdk from "@alicloud/vpc20160428";
import type { RuntimeOptions } from "@darabonba/typescript";
import type { InferOutput } from "valibot";

import type { Credentials } from "../service/credentials.ts";
import { type AnswerSchema, readAnswer } from "./answers.ts";

/** Keys as the SDK asks for them. */
function sdkCredential(keys: Credentials) {
  return { getCredential: async () => keys };
}

/**
 * The SDK's client for one call, which checks the answer as it came over the wire. The SDK itself
 * takes a redirect for success and casts what it reads: `"false"`, 0 and `{}` would be answers.
 */
export class CheckedClient<S extends AnswerSchema> extends VpcSdk.default {
  readonly #schema: S;
  #answer: InferOutput<S> | undefined;

  constructor(config: $OpenApiUtil.Config, schema: S, credentials: Credentials | undefined) {
    super(config);
    this.#schema = schema;
    if (credentials !== undefined) Object.assign(this, { _credential: sdkCredential(credentials) });
  }

  /** The body of the answer, once the call has returned. */
  get answer(): InferOutput<S> {
    if (this.#answer === undefined) throw new Error("The client was not asked yet.");
    return this.#answer;
  }

  /** @throws `MalformedAnswerError` when the answer is none of the operation's */
  override async callApi(
    params: $OpenApiUtil.Params,
    request: $OpenApiUtil.OpenApiRequest,
    runtime: RuntimeOptions,
  ): Promise<Record<string, unknown>> {
    const response = await super.callApi(params, request, runtime);
    this.#answer = readAnswer(this.#schema, response);
    // Nothing is left for the SDK to cast.
    return {};
  }
}
