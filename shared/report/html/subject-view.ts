import { UNKNOWN_ACCOUNT } from "../../audit/report.ts";
import type { Resource } from "../../audit/subject.ts";
import { type Content, element } from "./element.ts";
import { shownText } from "./shown-text.ts";

/** Text that is written from left to right. */
const PLAIN = /^[ -~]*$/;

/** A name from outside: isolated, so that its writing direction changes nothing around it. */
export function nameView(name: string): Content {
  const shown = shownText(name);
  return PLAIN.test(shown) ? shown : element("bdi", {}, shown);
}

/** The same, and less noticeable than what is beside it. */
export function quietName(name: string): Content {
  return element("span", { class: "quiet" }, nameView(name));
}

/** What the page calls an account: its name, if it has one, and its id. */
export type AccountView = (accountId: string) => Content;

/** @param names - of accounts, by id; one without a name is left out */
export function accountViews(names: ReadonlyMap<string, string>): AccountView {
  return (accountId) => {
    const name = names.get(accountId);
    const id =
      accountId === UNKNOWN_ACCOUNT
        ? element("span", {}, { en: "unknown account", zh: "未知账号" })
        : element("code", {}, shownText(accountId));
    return name === undefined || name === "" ? id : [nameView(name), " ", id];
  };
}

/** A region: its id, and what the cloud calls it. */
export function regionView(regionId: string, localName: string | undefined): Content {
  const id = nameView(regionId);
  return localName === undefined || localName === "" ? id : [id, " ", quietName(localName)];
}

/** A resource: its id, and what its owner calls it. */
export function resourceView({ id, name }: Resource): Content {
  const shown = element("code", {}, nameView(id));
  return name === undefined || name === "" ? shown : [shown, " ", nameView(name)];
}
