/** Types for the part of `ali-oss` that is used here. The package has none. */
declare module "ali-oss" {
  interface OssOptions {
    readonly accessKeyId: string;
    readonly accessKeySecret: string;
    /** Security token of temporary credentials. */
    readonly stsToken?: string | undefined;
    /** Milliseconds. If neither this nor a function to refresh the token is set, the client prints a warning. */
    readonly refreshSTSTokenInterval: number;
    readonly bucket: string;
    /** Protocol and host, without the bucket. */
    readonly endpoint: string;
    /** Region id with the prefix `oss-`. It is part of the signature. */
    readonly region: string;
    /** Signs with OSS4-HMAC-SHA256, the only version that buckets created since September 2025 accept. */
    readonly authorizationV4: boolean;
    /** Sends the client's requests, in place of the package urllib. */
    readonly urllib: {
      request(url: string, request: OssRequest): Promise<OssResponse>;
    };
  }

  interface OssRequest {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    /** The body; undefined for none. */
    readonly content?: Buffer | undefined;
  }

  interface OssResponse {
    readonly status: number;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly data: Buffer;
    /** Becomes the `res` of the {@link OssAnswer}. */
    readonly res: OssAnswer["res"];
  }

  interface OssAnswer {
    readonly res: { readonly headers: Readonly<Record<string, string | string[] | undefined>> };
  }

  /** A page of objects. What the answer lacks is empty, false or NaN. */
  interface OssListing extends OssAnswer {
    readonly objects: readonly { readonly name: unknown }[];
    readonly isTruncated: boolean;
    readonly keyCount: number;
  }

  /** A retention policy, as texts that the package does not check. */
  interface OssWorm extends OssAnswer {
    readonly state?: unknown;
    readonly days?: unknown;
    readonly creationDate?: unknown;
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
    listV2(query: {
      readonly prefix: string;
      readonly "start-after"?: string;
      readonly "max-keys": string;
      readonly "encoding-type": "url";
    }): Promise<OssListing>;
    getBucketWorm(bucket: string): Promise<OssWorm>;
  }
}
