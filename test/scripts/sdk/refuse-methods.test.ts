import { runInNewContext } from "node:vm";

import { expect, test } from "vitest";

import { refuseMethods } from "../../../scripts/sdk/refuse-methods.ts";

const CLIENT = `
  class Client {
    constructor() { this.name = "client"; }
    async old(a) { return this.now(a); }
    events() { return this.name; }
    now(a) { return a + 1; }
  }
  exports.default = Client;
`;

interface Exports {
  readonly default: new () => {
    old(a: number): Promise<number>;
    events(): string;
    now(a: number): number;
  };
}

test("refused methods stay there by name and throw, and the others are as they were", async () => {
  const exports = {} as Exports;
  runInNewContext(refuseMethods("sdk/client.js", CLIENT, ["old", "events"]), { exports });
  const client = new exports.default();
  expect(client.now(1)).toBe(2);
  expect(() => client.events()).toThrow("events of sdk/client.js is not in this bundle");
  await expect(client.old(1)).rejects.toThrow("old of sdk/client.js is not in this bundle");
});

test("a method that is not there fails the build", () => {
  expect(() => refuseMethods("sdk/client.js", CLIENT, ["older"])).toThrow(
    /^sdk\/client\.js: It has no method older\. The build does/,
  );
});
