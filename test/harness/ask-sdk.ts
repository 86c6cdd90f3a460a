import process from "node:process";

import { $OpenApiUtil } from "@alicloud/openapi-core";
import VpcSdk from "@alicloud/vpc20160428";
import { RuntimeOptions } from "@darabonba/typescript";

/** Short, since tests wait for it. */
const TIMEOUT_MS = 400;

const KEY = { accessKeyId: "LTAI5tEmulatorKey", accessKeySecret: "emulator-secret-f3a9" };

/** A program that asks the SDK as our own code does, and prints the outcome of each call. */
async function main(host: string, regionIds: readonly string[]): Promise<void> {
  const config = new $OpenApiUtil.Config({ ...KEY, endpoint: host, protocol: "HTTP" });
  const client = new VpcSdk.default(config);
  const runtime = new RuntimeOptions({ connectTimeout: TIMEOUT_MS, readTimeout: TIMEOUT_MS });
  const outcomes: Record<string, unknown> = {
    regions: await outcomeOf(
      client.describeRegionsWithOptions(new VpcSdk.DescribeRegionsRequest({}), runtime),
    ),
  };
  for (const regionId of regionIds) {
    const request = new VpcSdk.GetFlowLogServiceStatusRequest({ regionId });
    outcomes[regionId] = {
      ...(await outcomeOf(client.getFlowLogServiceStatusWithOptions(request, runtime))),
      // The endpoint without an emulator.
      endpoint: new VpcSdk.default(new $OpenApiUtil.Config({ ...KEY, regionId }))._endpoint,
    };
  }
  process.stdout.write(JSON.stringify(outcomes));
}

async function outcomeOf(call: Promise<object>): Promise<object> {
  const outcome = await call.catch((error: unknown) => Object(error));
  const { name, message } = outcome;
  return { classes: classesOf(outcome), name, message, ...outcome };
}

/** The names of an object's class and its base classes, without the bundler's suffixes. */
function classesOf(object: object): string[] {
  const prototype: object | null = Object.getPrototypeOf(object);
  if (prototype === null) return [];
  return [prototype.constructor.name.replaceAll(/^_|\d$/g, ""), ...classesOf(prototype)];
}

const [host = "", ...regionIds] = process.argv.slice(2);
void main(host, regionIds);
