/** What is used of `@alicloud/fc2`, which comes without types. */
declare module "@alicloud/fc2" {
  interface FunctionComputeConfig {
    readonly accessKeyID: string;
    readonly accessKeySecret: string;
    readonly securityToken?: string | undefined;
    readonly region: string;
    /** Without it the client speaks plain http. */
    readonly secure: boolean;
    readonly endpoint?: string | undefined;
    /** Milliseconds. */
    readonly timeout: number;
  }

  export default class FunctionComputeClient {
    constructor(accountId: string, config: FunctionComputeConfig);
    /** The first part of every path. */
    version: string;
    /** Sent where it is set; the constructor sets it for key ids that begin with STS only. */
    securityToken: string | undefined;
    post(
      path: string,
      body: string,
      headers: Readonly<Record<string, string>>,
      queries: Readonly<Record<string, string>>,
    ): Promise<{
      readonly headers: Readonly<Record<string, string | undefined>>;
      /** Parsed where the answer says that it is JSON. */
      readonly data: unknown;
    }>;
  }
}
