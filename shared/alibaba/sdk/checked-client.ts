import type { $OpenApiUtil } from "@alicloud/openapi-core";
import VpcSdk from "@alicloud/vpc20160428";
import type { RuntimeOptions } from "@darabonba/typescript";
import type { InferOutput } from "valibot";

import type { Credentials } from "../../service/credentials.ts";
import { type AnswerSchema, readAnswer } from "./read-answer.ts";

/** Keys in the form in which the SDK reads them. */
function sdkCredential(keys: Credentials) {
  return { getCredential: async () => keys };
}

/**
 * The SDK's client for one call, with validation of the raw answer. The SDK itself accepts a redirect
 * as success, and casts values, so that `"false"`, 0 and `{}` would be valid answers.
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

  /** @throws `MalformedAnswerError` when the answer does not have the operation's form */
  override async callApi(
    params: $OpenApiUtil.Params,
    request: $OpenApiUtil.OpenApiRequest,
    runtime: RuntimeOptions,
  ): Promise<Record<string, unknown>> {
    const response = await super.callApi(params, request, runtime);
    this.#answer = readAnswer(this.#schema, response);
    // Empty, so that the SDK has nothing to cast.
    return {};
  }
}
