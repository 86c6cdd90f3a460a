/** What is used of `@alicloud/fc2`, which comes without types: what it knows of a request. */
declare module "@alicloud/fc2" {
  interface FunctionComputeConfig {
    readonly accessKeyID: string;
    readonly accessKeySecret: string;
    readonly securityToken?: string | undefined;
    readonly region: string;
    /** Without it the client speaks plain http. */
    readonly secure: boolean;
    readonly endpoint?: string | undefined;
  }

  export default class FunctionComputeClient {
    constructor(accountId: string, config: FunctionComputeConfig);
    /** Protocol and host. */
    readonly endpoint: string;
    /** Sent where it is set; the constructor sets it for key ids that begin with STS only. */
    securityToken: string | undefined;
    /** Those that every request has. */
    buildHeaders(): Readonly<Record<string, string>>;
    /** The value of the `authorization` header. */
    static getSignature(
      accessKeyId: string,
      accessKeySecret: string,
      method: string,
      path: string,
      headers: Readonly<Record<string, string>>,
    ): string;
  }
}
