import { ECSRAMRoleCredentialsProvider, URICredentialsProvider } from "@alicloud/credentials";

import { CredentialsError } from "../../audit/run-error.ts";
import type { Credentials } from "../../service/credentials.ts";
import { problemOfIpv6 } from "../../http/endpoint.ts";
import { askChosenProvider } from "./ask-provider.ts";
import type { KeyContext } from "./key-context.ts";
import type { Variables } from "./variables.ts";

/** Milliseconds for a service that was chosen. */
const PROVIDER_TIMEOUT_MS = 10_000;

/** Gives the keys of the role of the ECS instance that this runs on. */
export async function instanceKeys(
  roleName: string | undefined,
  { variables, transport }: KeyContext,
): Promise<Credentials> {
  if (variables.isTrue("ECS_METADATA_DISABLED")) {
    const name = variables.nameOf("ECS_METADATA_DISABLED");
    throw new CredentialsError(`it asks the ECS metadata service, which ${name} switches off.`);
  }
  return askChosenProvider(
    instanceProvider(roleName, variables),
    {
      name: METADATA_SERVICE,
      advice: "Attach a RAM role to the instance, or choose other credentials.",
      timeoutMs: PROVIDER_TIMEOUT_MS,
    },
    transport,
  );
}

export const METADATA_SERVICE = "the ECS metadata service (100.100.100.200)";

/** Makes providers that ask the metadata service. */
export function instanceProvider(
  roleName: string | undefined,
  variables: Variables,
): () => ECSRAMRoleCredentialsProvider {
  const name = roleName ?? variables.get("ECS_METADATA");
  return () => {
    const builder = ECSRAMRoleCredentialsProvider.builder();
    if (name !== undefined) builder.withRoleName(name);
    return builder.withDisableIMDSv1(variables.isTrue("IMDSV1_DISABLED")).build();
  };
}

/** Gives the keys that a credentials URI answers with. */
export async function uriKeys(
  uri: string,
  { transport }: Pick<KeyContext, "transport">,
): Promise<Credentials> {
  if (!URL.canParse(uri) || !/^https?:$/.test(new URL(uri).protocol)) {
    const problem = problemOfIpv6(uri) ?? "is not an http or https address";
    throw new CredentialsError(`the credentials URI ${problem}.`);
  }
  return askChosenProvider(
    () => URICredentialsProvider.builder().withCredentialsURI(uri).build(),
    {
      name: "the service at the credentials URI",
      advice: "Look at that service, or choose other credentials.",
      timeoutMs: URI_TIMEOUT_MS,
    },
    transport,
  );
}

/** A local service; nobody waits longer to learn that it is gone. */
const URI_TIMEOUT_MS = 4_000;
