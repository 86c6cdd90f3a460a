/** What is used of `ali-oss`, which comes without types. */
declare module "ali-oss" {
  import type { Agent } from "node:http";

  interface OssOptions {
    readonly accessKeyId: string;
    readonly accessKeySecret: string;
    /** Of temporary credentials only. */
    readonly stsToken?: string | undefined;
    /** Milliseconds; without it, or a function to refresh the token, the client writes to the console. */
    readonly refreshSTSTokenInterval: number;
    readonly bucket: string;
    /** Protocol and host. */
    readonly endpoint: string;
    /** With `oss-` before it; it is part of what is signed. */
    readonly region: string;
    /** Signs by OSS4-HMAC-SHA256: buckets since September 2025 take nothing older. */
    readonly authorizationV4: boolean;
    /** Milliseconds, for the connection and again for the answer. */
    readonly timeout: number;
    readonly agent: Agent;
    readonly httpsAgent: Agent;
  }

  interface OssAnswer {
    readonly res: { readonly headers: Readonly<Record<string, string | undefined>> };
  }

  export default class OssClient {
    constructor(options: OssOptions);
    get(name: string): Promise<OssAnswer & { readonly content: Buffer }>;
    put(
      name: string,
      content: Buffer,
      options: { readonly mime: string; readonly headers: Readonly<Record<string, string>> },
    ): Promise<OssAnswer>;
    delete(name: string): Promise<OssAnswer>;
  }
}
