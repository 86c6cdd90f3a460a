/** Opens every part of the page while it is printed, and closes those again that were closed. */
export function openForPrinting(): void {
  let opened: HTMLDetailsElement[] = [];
  const open = (): void => {
    const closed = [...document.querySelectorAll<HTMLDetailsElement>("details:not([open])")];
    for (const part of closed) part.open = true;
    opened.push(...closed);
  };
  const close = (): void => {
    for (const part of opened) part.open = false;
    opened = [];
  };
  addEventListener("beforeprint", open);
  addEventListener("afterprint", close);
  // A browser that only shows what it would print sends no event.
  matchMedia("print").addEventListener("change", ({ matches }) => (matches ? open() : close()));
}
