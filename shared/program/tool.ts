import packageJson from "../../package.json" with { type: "json" };

/** The program's name and version, in reports and in the user agent. */
export const TOOL = { name: packageJson.name, version: packageJson.version } as const;

/** Appended to the SDK's user agent; ActionTrail shows it for each call. */
export const USER_AGENT = `${TOOL.name}/${TOOL.version}`;
