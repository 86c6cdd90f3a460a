import type { Subject } from "../../audit/subject.ts";
import { cleanText } from "../../text/clean-text.ts";

/** The file that says what is audited. No other file of a repository has to do with a finding. */
const CONFIGURATION_FILE = "flowlog-guard.yaml";

/** A length that each of an id and a name fits into. */
const MAX_BYTES = 256;

/**
 * Where a finding is: in the cloud, which is a logical location. GitHub's code scanning refuses a whole file
 * for one result without a physical location, so that the first line of the configuration is one.
 *
 * @see https://github.com/github/codeql-action/issues/2459
 */
export function locationsOf({ accountId, regionId, resource }: Subject): readonly object[] {
  const ids = [
    accountId,
    regionId,
    ...(resource === undefined ? [] : [resource.type, resource.id]),
  ];
  return [
    {
      physicalLocation: {
        artifactLocation: { uri: CONFIGURATION_FILE },
        region: { startLine: 1 },
      },
      logicalLocations: [
        {
          name: cleanText(resource?.name ?? resource?.id ?? regionId, MAX_BYTES),
          fullyQualifiedName: ids.map((id) => cleanText(id, MAX_BYTES)).join("/"),
          kind: resource === undefined ? "namespace" : "resource",
        },
      ],
    },
  ];
}
