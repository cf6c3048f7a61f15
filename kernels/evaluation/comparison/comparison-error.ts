import { UserFacingError } from "../../errors.ts";

/** Cause: documents that cannot be compared: fewer than two, no cases in one, or no case in common. Handled by: the user, who evaluates again. */
export class ComparisonError extends UserFacingError {}

/** Cause: numbers of different comparable groups were asked to stand in one column or one test. Handled by: the user, who scores again. */
export class IncomparableGroupsError extends UserFacingError {}

/** Throws: IncomparableGroupsError where the rows of one metric and profile are of different groups. */
export function requireOneGroup(
  rows: readonly { editor: string; metric: string; profile: string; comparable_group: string }[],
): void {
  const [first] = rows;
  const other = rows.find((row) => row.comparable_group !== first.comparable_group);
  if (other)
    throw new IncomparableGroupsError(
      `${first.metric} under ${first.profile}: "${first.comparable_group}" (${first.editor}) and "${other.comparable_group}" ` +
        `(${other.editor}) are different comparable groups. Score both the same way, or make two tables.`,
    );
}
