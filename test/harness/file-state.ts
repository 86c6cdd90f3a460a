import { StateError } from "../../shared/audit/run-error.ts";
import { openState } from "../../shared/state/open-state.ts";
import type { StateStore } from "../../shared/state/state-store.ts";
import { DIRECT } from "./direct.ts";

/** The state in a file, as a run with this clock opens it. */
export function openFileState(path: string, clock: () => Date): StateStore {
  const options = {
    credentials: null,
    regionId: null,
    inFunctionCompute: false,
    transport: DIRECT,
    endpoint: null,
    clock,
  };
  const store = openState({ kind: "file", path }, options);
  if (store === null) throw new Error("a file is a place for a state");
  return store;
}

/** The same state, which each run can save so many times; then the disk is full. */
export function fullAfter(saves: number, store: StateStore): StateStore {
  return {
    name: store.name,
    read: () => store.read(),
    async acquire(options) {
      const lock = await store.acquire(options);
      let left = saves;
      return {
        state: lock.state,
        warnings: lock.warnings,
        async save(state, within) {
          left -= 1;
          if (left < 0) throw new StateError("UNAVAILABLE", "There is no room.");
          await lock.save(state, within);
        },
        release: () => lock.release(),
      };
    },
  };
}
