import { expect, it } from "vitest";
import { loadCoreInNode } from "../../workbench/testing";
import { attacks, type AttackId } from "./attacks";

const NOW = 1_767_225_600;

/** Each is refused for its own reason, not for one that happens to come first. */
const REASONS: Record<AttackId, string> = {
  none: "algorithm_none",
  none_case: "algorithm_unknown",
  confusion: "algorithm_mismatch",
  changed: "signature_mismatch",
  stripped: "signature_missing",
  zeros: "signature_mismatch",
  embedded: "signature_mismatch",
  kid: "key_not_found",
  crit: "crit_unsupported",
  duplicate: "json_duplicate_name",
  expired: "token_expired",
  audience: "audience_mismatch",
  type: "type_mismatch",
  lifetime: "claim_type",
};

it("is refused, for its own reason, while the genuine token is accepted", async () => {
  const core = await loadCoreInNode();
  const made = attacks(core.ask.bind(core), NOW);
  const judge = (request: (typeof made)["genuine"]) => {
    const outcome = core.ask("tokens/verify", request, NOW);
    if (!outcome.ok) throw new Error(outcome.failure.message);
    return outcome.answer;
  };
  expect(judge(made.genuine).verdict).toBe("valid");
  const codes = made.attacks.map(({ id, request }) => [id, judge(request).verdict === "invalid" && judge(request).code]);
  expect(Object.fromEntries(codes)).toEqual(REASONS);
});
