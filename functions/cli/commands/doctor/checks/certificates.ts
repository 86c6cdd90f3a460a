import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";

import { errorCode } from "../../../../../shared/text/error-code.ts";
import { shownPath } from "../../../../../shared/text/shown-path.ts";
import type { Check } from "../check.ts";
import { ok, type Outcome, problem, warning } from "../outcome.ts";

export const CERTIFICATES_VARIABLE = "NODE_EXTRA_CA_CERTS";
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** The file of further certificate authorities. Node.js only warns where it cannot be used. */
export const certificates: Check = {
  id: "certificates",
  title: "Certificates",
  run: async ({ runtime: { env, clock } }) => {
    const path = env[CERTIFICATES_VARIABLE] ?? "";
    try {
      return judgeCertificates(await readFile(path, "utf8"), shownPath(path), clock());
    } catch (error) {
      const code = errorCode(error) ?? "unknown";
      return problem("CERTIFICATES_UNREADABLE", `${shownPath(path)} cannot be read (${code}).`, {
        fix: `Correct ${CERTIFICATES_VARIABLE}, or unset it.`,
      });
    }
  },
};

/** @param shown - the path of the file, as it may be shown */
export function judgeCertificates(text: string, shown: string, now: Date): Outcome {
  const found = (text.match(CERTIFICATE) ?? []).map(parse);
  const readable = found.filter((certificate) => certificate !== null);
  if (found.length === 0 || readable.length < found.length) {
    return problem("CERTIFICATES_INVALID", `${shown} has no certificate in PEM that can be read.`, {
      fix: `Name a PEM file in ${CERTIFICATES_VARIABLE}.`,
    });
  }
  const count = readable.length === 1 ? "1 authority" : `${readable.length} authorities`;
  const expired = readable.filter(({ validTo }) => Date.parse(validTo) < now.getTime());
  if (expired.length === 0) return ok(`${count} from ${shown}.`);
  const detail = `${count} from ${shown}, of which ${expired.length} expired.`;
  // A system's own collection always has some that are.
  if (expired.length < readable.length) return ok(detail);
  return warning("CERTIFICATE_EXPIRED", detail, {
    fix: "Replace the certificates that have expired.",
  });
}

function parse(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}
