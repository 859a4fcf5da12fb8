import { REVIEWED_ENOUGH, type Confidence, type Form, type Reviewed, type ValidationReport } from '@countersign/core';

/** What each kind of doubt takes off full confidence. */
const COST = {
  /** Guessed from an example, not read from the model's schema. */
  inferredForm: 0.4,
  /** Per repair: certain, but it was not what the caller wrote. */
  fix: 0.04,
  /** Per quality warning. */
  warning: 0.1,
  /** Per user value that is not sent. */
  dropped: 0.15,
  /** Per file that was placed by rule, not by name. */
  placedFile: 0.02,
  /** When reviewers changed every payload of late; in proportion when they changed some: two of five ask at the usual 0.9. */
  changedByReviewers: 0.3,
};

/** How sure the check is that this payload is what was meant: 0..1, from facts, with the facts named. */
export function confidenceOf(form: Form | null, report: ValidationReport, reviewed?: Reviewed): Confidence {
  if (!form || !report.ready) return { score: 0, reasons: ['the request cannot run as it is'] };
  const warnings = report.summary.checkpoints.flatMap(({ issues }) => issues).filter(({ severity }) => severity === 'warning').length;
  const placed = Object.keys(report.mapping).length;
  const deductions: [number, string][] = [
    [form.origin === 'inferred' ? COST.inferredForm : 0, 'the model\'s form was guessed from an example'],
    [report.fixes.length * COST.fix, counted(report.fixes.length, 'value was repaired', 'values were repaired')],
    [warnings * COST.warning, counted(warnings, 'remark', 'remarks')],
    [report.dropped.length * COST.dropped, counted(report.dropped.length, 'given value is not sent', 'given values are not sent')],
    [placed * COST.placedFile, counted(placed, 'file was placed by rule', 'files were placed by rule')],
    [COST.changedByReviewers * shareChanged(reviewed), `reviewers changed ${reviewed?.changed} of the last ${reviewed?.payloads} payloads of this model version`],
  ];
  const taken = deductions.filter(([cost]) => cost > 0);
  const score = Math.max(0, 1 - taken.reduce((sum, [cost]) => sum + cost, 0));
  return {
    score: Math.round(score * 1000) / 1000,
    reasons: taken.length > 0 ? taken.map(([, reason]) => reason) : ['every value was given explicitly and fits'],
  };
}

const counted = (number: number, one: string, more: string): string => `${number} ${number === 1 ? one : more}`;

/** 0..1; a few payloads say nothing yet. */
function shareChanged(reviewed: Reviewed | undefined): number {
  if (!reviewed || reviewed.payloads < REVIEWED_ENOUGH) return 0;
  return Math.min(1, reviewed.changed / reviewed.payloads);
}
