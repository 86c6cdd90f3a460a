import type { DeployedState } from "./read-back.ts";

/** Whether every function was read and has no difference from `s.yaml`. */
export function isAsWanted(states: DeployedState): boolean {
  return Object.values(states).every(
    (state) => state.kind === "read" && state.differences.length === 0,
  );
}

const MISSING = {
  trigger: "a trigger of s.yaml is not",
  asyncInvokeConfig: "its asyncInvokeConfig is not",
} as const;

/** Describes the deployed functions, one finding a line, without values of environment variables. */
export function describeStates(states: DeployedState): string[] {
  return Object.entries(states).flatMap(([key, state]) => {
    switch (state.kind) {
      case "read":
        return state.differences.length === 0
          ? [`  - ${key}: is there, as s.yaml says`]
          : state.differences.map((difference) => `  - ${key}: ${difference}`);
      case "incomplete":
        return [`  - ${key}: is there, but ${MISSING[state.missing]}`];
      case "absent":
        return [`  - ${key}: is not there`];
      case "unreadable":
        return [
          `  - ${key}: cannot be read, so nothing is known of it (${state.reason ?? "no reason given"})`,
        ];
    }
  });
}
