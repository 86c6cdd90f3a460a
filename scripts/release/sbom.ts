import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";

import type { BuiltPackages } from "../build.ts";
import type { BundledPackage } from "../licenses/bundled-packages.ts";
import type { Released } from "./released.ts";

/**
 * Writes an SBOM in CycloneDX JSON. It lists what the bundles hold, with the property
 * `flowlog-guard:bundle` for each bundle that holds it; packages that only build or test are not there.
 *
 * @see https://cyclonedx.org/docs/1.6/json/
 */
export function writeSbom(
  { version, repository, date }: Released,
  packages: BuiltPackages,
): string {
  const bom = new Models.Bom();
  bom.metadata.timestamp = new Date(`${date}T00:00:00Z`);
  const program = new Models.Component(Enums.ComponentType.Application, "flowlog-guard", {
    version,
    purl: purlOf("flowlog-guard", version),
    bomRef: purlOf("flowlog-guard", version),
    licenses: new Models.LicenseRepository([new Models.SpdxLicense("Apache-2.0")]),
    externalReferences: new Models.ExternalReferenceRepository([
      new Models.ExternalReference(repository, Enums.ExternalReferenceType.VCS),
    ]),
  });
  bom.metadata.component = program;

  const components = new Map<string, Models.Component>();
  for (const [bundle, held] of Object.entries(packages)) {
    for (const one of held) {
      const purl = purlOf(one.name, one.version);
      const component = components.get(purl) ?? componentOf(one, purl);
      component.properties.add(new Models.Property("flowlog-guard:bundle", bundle));
      components.set(purl, component);
    }
  }
  for (const component of components.values()) {
    bom.components.add(component);
    program.dependencies.add(component.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(
    new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6),
  );
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function componentOf({ name, version, license }: BundledPackage, purl: string): Models.Component {
  const [, scope, unscoped] = /^(?:(@[^/]+)\/)?(.+)$/.exec(name) ?? [];
  return new Models.Component(Enums.ComponentType.Library, unscoped ?? name, {
    ...(scope !== undefined && { group: scope }),
    version,
    purl,
    bomRef: purl,
    licenses: new Models.LicenseRepository([
      license.includes(" ")
        ? new Models.LicenseExpression(license)
        : new Models.SpdxLicense(license),
    ]),
  });
}

/** @see https://github.com/package-url/purl-spec/blob/main/types-doc/npm-definition.md */
function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}
