/** Types for the part of `@alicloud/fc2` that makes and signs requests. The package has none. */
declare module "@alicloud/fc2" {
  interface FunctionComputeConfig {
    readonly accessKeyID: string;
    readonly accessKeySecret: string;
    readonly securityToken?: string | undefined;
    readonly region: string;
    /** Use https; by default the client uses plain http. */
    readonly secure: boolean;
    readonly endpoint?: string | undefined;
  }

  export default class FunctionComputeClient {
    constructor(accountId: string, config: FunctionComputeConfig);
    /** Protocol and host. */
    readonly endpoint: string;
    /** Sent if it is set. The constructor sets it only for key ids that begin with STS. */
    securityToken: string | undefined;
    /** The headers of every request. */
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
