import { memberIdOf } from "../emulator/organization.ts";

/** The role of every account, and what its trust policy asks for. */
export const [ROLE_NAME, EXTERNAL_ID] = ["flowlog-guard-audit", "external-id-2f9c41d7"];

/**
 * An organization of which everything follows from numbers, so that the emulator and the expectation are
 * made apart from one another.
 */
export interface OrganizationModel {
  /** The management account among them. */
  readonly accounts: number;
  /** At least 2. */
  readonly regions: number;
  /** Whether roles are refused, calls throttled and a region never answers. */
  readonly hasFaults: boolean;
}

/** The reason code of a region of an account. */
export type ExpectedCode = "ACTIVATED" | "NOT_ACTIVATED" | "ROLE_REFUSED" | "TIMEOUT";

/** The ids of an organization's accounts, in their order. */
export function accountIdsOf({ accounts }: OrganizationModel): string[] {
  return Array.from({ length: accounts }, (_, index) => memberIdOf(index));
}

/** The ids of an organization's regions, in their order. */
export function regionIdsOf({ regions }: OrganizationModel): string[] {
  return Array.from({ length: regions }, (_, index) => `cn-r${String(index).padStart(2, "0")}`);
}

/** Whether an account refuses its role: 2 % of them. */
export function refusesRole({ hasFaults }: OrganizationModel, account: number): boolean {
  return hasFaults && account % 50 === 17;
}

/** Whether the first call in a region of an account is throttled: 1 % of them. */
export function throttlesOnce(
  { hasFaults }: OrganizationModel,
  account: number,
  region: number,
): boolean {
  return hasFaults && (account * 31 + region * 7) % 100 === 3;
}

/** Whether a region never answers: the last one, in every account. */
export function hangs({ hasFaults, regions }: OrganizationModel, region: number): boolean {
  return hasFaults && region === regions - 1;
}

/** Whether the flow log service is activated there: in four of five, or everywhere without faults. */
export function isActivated(
  { hasFaults }: OrganizationModel,
  account: number,
  region: number,
): boolean {
  return !hasFaults || (account * 7 + region * 3) % 5 !== 0;
}

/** What a complete report says of a region of an account. */
export function expectedCode(
  model: OrganizationModel,
  account: number,
  region: number,
): ExpectedCode {
  if (refusesRole(model, account)) return "ROLE_REFUSED";
  if (hangs(model, region)) return "TIMEOUT";
  return isActivated(model, account, region) ? "ACTIVATED" : "NOT_ACTIVATED";
}
