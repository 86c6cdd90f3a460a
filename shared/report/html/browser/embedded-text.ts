/** The text of an element that holds data, by its id. */
export function embeddedText(id: string): string {
  return document.querySelector(`#${id}`)?.textContent ?? "";
}
