/** A result as Cloud Config is sent it. */
export interface SentEvaluation {
  readonly accountId: number;
  readonly complianceResourceId: string;
  readonly complianceResourceName: string;
  readonly complianceResourceType: string;
  readonly complianceRegionId: string;
  readonly complianceType: string;
  readonly annotation: string;
  readonly orderingTimestamp: number;
}

/** The results of a rule of Cloud Config: of each resource the newest. */
export class ComplianceResults {
  readonly #results = new Map<string, SentEvaluation>();
  /** The results of each call that was taken. */
  readonly calls: {
    readonly evaluations: readonly SentEvaluation[];
    readonly deleteMode: boolean;
  }[] = [];

  /** The status of each resource, by its id. */
  get statuses(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.#results.values()].map((result) => [
        result.complianceResourceId,
        result.complianceType,
      ]),
    );
  }

  take(evaluations: readonly SentEvaluation[], deleteMode: boolean): void {
    this.calls.push({ evaluations, deleteMode });
    const renewed = new Map(evaluations.map((evaluation) => [keyOf(evaluation), evaluation]));
    if (deleteMode) {
      for (const key of this.#results.keys()) if (!renewed.has(key)) this.#results.delete(key);
    }
    for (const [key, evaluation] of renewed) {
      const before = this.#results.get(key)?.orderingTimestamp ?? 0;
      if (evaluation.orderingTimestamp >= before) this.#results.set(key, evaluation);
    }
  }
}

function keyOf(evaluation: SentEvaluation): string {
  const { accountId, complianceResourceType, complianceRegionId, complianceResourceId } =
    evaluation;
  return [accountId, complianceResourceType, complianceRegionId, complianceResourceId].join(" ");
}
