/**
 * An id or code as the services write them, or null: the SDK writes a missing one as the text
 * `undefined`, and what reaches a terminal must not move its cursor.
 */
export function cleanId(id: unknown): string | null {
  return typeof id === "string" && id !== "undefined" && /^[\w.:-]{1,64}$/.test(id) ? id : null;
}
