/** What is used of `ali-oss`, which comes without types. */
declare module "ali-oss" {
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
    /** What sends its requests, instead of the package of this name. */
    readonly urllib: {
      request(url: string, request: OssRequest): Promise<OssResponse>;
    };
  }

  interface OssRequest {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    /** Undefined where there is no body. */
    readonly content?: Buffer | undefined;
  }

  interface OssResponse {
    readonly status: number;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly data: Buffer;
    /** Handed on as it is. */
    readonly res: OssAnswer["res"];
  }

  interface OssAnswer {
    readonly res: { readonly headers: Readonly<Record<string, string | string[] | undefined>> };
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
