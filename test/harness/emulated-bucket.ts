import { type Endpoint, parseEndpoint } from "../../shared/http/endpoint.ts";
import type { OssEmulator } from "../emulator/oss.ts";

/** A bucket, and temporary credentials that may use it. None of them may ever be shown. */
export const OSS_SEED = {
  bucket: "guard-bucket",
  key: {
    accessKeyId: "STS.NUemulatedKeyId0042",
    accessKeySecret: "emulated-secret-9d1c",
    securityToken: "CAISemulatedToken+/7731==",
  },
};

/** The endpoint of an emulator. */
export function emulatorEndpoint({ origin }: Pick<OssEmulator, "origin">): Endpoint {
  const endpoint = parseEndpoint(origin);
  if (endpoint === null) throw new Error("an emulator is on loopback");
  return endpoint;
}
