/** An error that a side file throws and the entry recognises. */
export class Fault extends Error {
  override readonly name = "Fault";
}
