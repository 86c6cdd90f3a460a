import packageJson from "../../package.json" with { type: "json" };

/** What the program calls itself, in reports and to the cloud. */
export const TOOL = { name: packageJson.name, version: packageJson.version } as const;

/** Added to the SDK's user agent, so that ActionTrail shows who asked. */
export const USER_AGENT = `${TOOL.name}/${TOOL.version}`;
