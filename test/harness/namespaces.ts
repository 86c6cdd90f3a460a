import { spawnSync } from "node:child_process";

/** Makes a process the first one of a namespace of its own, as in a container. */
export const AS_FIRST_PROCESS = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];

/** Makes all of the file system read-only for a process, as `docker run --read-only` does. */
export const READ_ONLY = [
  "unshare",
  "--mount",
  "sh",
  "-c",
  'mount -o remount,ro,bind / && mount -o remount,ro,bind /tmp 2>/dev/null; exec "$@"',
  "sh",
];

/** Whether this machine allows a command in namespaces of its own: Linux, and root. */
export function allows(wrapper: readonly string[]): boolean {
  const [program = "", ...args] = wrapper;
  return spawnSync(program, [...args, "true"]).status === 0;
}
