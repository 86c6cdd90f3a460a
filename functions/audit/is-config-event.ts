/**
 * Whether an event comes from Cloud Config, well-formed or not: it alone has a token for results, and an
 * event in the event.
 */
export function isConfigEvent(event: object): boolean {
  return Object.hasOwn(event, "resultToken") || Object.hasOwn(event, "invokingEvent");
}
