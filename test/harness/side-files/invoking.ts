/** Signs a request with fc2, from a side file of this entry. */
export async function sign(): Promise<unknown> {
  const { signThere } = await import("./sign.ts");
  return signThere();
}
