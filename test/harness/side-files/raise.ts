import { OpenApiUtil } from "@alicloud/openapi-core";

import { count } from "./count.ts";
import { Fault } from "./fault.ts";

/** @throws {@link Fault} */
export async function raise(): Promise<never> {
  throw new Fault("raised in a side file");
}

export function nonce(): string {
  return OpenApiUtil.getNonce();
}

export function countHere(): number {
  return count();
}
