import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** The next message of a process. One that exits first has printed the reason. */
export async function answerOf<T>(child: ChildProcess): Promise<T> {
  const done = new AbortController();
  const { signal } = done;
  const [answer]: T[] = await Promise.race([
    once(child, "message", { signal }),
    once(child, "exit", { signal }),
  ]);
  done.abort();
  if (typeof answer === "object" && answer !== null) return answer;
  throw new Error("a program ended without an answer");
}
