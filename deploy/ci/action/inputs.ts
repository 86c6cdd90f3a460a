/** The variables of the process, as they are set for the step. */
export type StepEnvironment = Readonly<Record<string, string | undefined>>;

const FAIL_ON = ["insufficient_data", "non_compliant", "never"] as const;
/** What fails the step, beside an audit that could not run. */
export type FailOn = (typeof FAIL_ON)[number];

/** The role that is assumed with the ID token of the job. */
export interface Federation {
  readonly roleArn: string;
  readonly providerArn: string;
  /** Empty for GitHub's default. */
  readonly audience: string;
}

/** What the workflow asks for. */
export interface ActionInputs {
  /** Flags of `audit`, each with its value in one argument, so that no value is taken for a flag. */
  readonly flags: readonly string[];
  /** The files among them, as the workflow writes them. */
  readonly files: readonly string[];
  readonly failOn: FailOn;
  /** Null where the credentials are those of the environment. */
  readonly federation: Federation | null;
}

/** Lists, of which each element may be on a line of its own. */
const LISTS = ["regions", "accounts", "rules", "only"] as const;

/**
 * Reads the inputs of the action from `INPUT_…`. Their values are data: nothing is evaluated.
 *
 * @returns the inputs, and one message for each that is wrong
 */
export function readInputs(env: StepEnvironment): { inputs: ActionInputs; problems: string[] } {
  const problems: string[] = [];
  const input = (name: string): string =>
    (env[`INPUT_${name.toUpperCase().replaceAll("-", "_")}`] ?? "").trim();
  const lines = (name: string): string[] =>
    input(name)
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== "");
  const isTrue = (name: string): boolean => {
    const value = input(name);
    if (value !== "true" && value !== "false") problems.push(`${name}: write "true" or "false"`);
    return value === "true";
  };

  const failOn = FAIL_ON.find((known) => known === input("fail-on"));
  if (failOn === undefined) problems.push(`fail-on: write one of ${FAIL_ON.join(", ")}`);
  const files = lines("output");
  const flags = [
    ...LISTS.flatMap((name) => {
      const value = lines(name).join(",");
      return value === "" ? [] : [`--${name}=${value}`];
    }),
    ...(input("config") === "" ? [] : [`--config=${input("config")}`]),
    ...files.map((file) => `--output=${file}`),
    ...(isTrue("alert") ? ["--alert"] : []),
    ...(failOn === "never" ? ["--exit-zero"] : []),
  ];
  const summary = env["GITHUB_STEP_SUMMARY"] ?? "";
  if (isTrue("summary") && summary !== "") flags.push(`--output=markdown:${summary}`);
  const federation = {
    roleArn: input("role-arn"),
    providerArn: input("oidc-provider-arn"),
    audience: input("oidc-audience"),
  };
  const isFederated = Object.values(federation).some((value) => value !== "");
  if (isFederated && (federation.roleArn === "" || federation.providerArn === "")) {
    problems.push("role-arn and oidc-provider-arn: give both, or neither to use other credentials");
  }
  return {
    inputs: {
      flags,
      files,
      failOn: failOn ?? "insufficient_data",
      federation: isFederated ? federation : null,
    },
    problems,
  };
}
