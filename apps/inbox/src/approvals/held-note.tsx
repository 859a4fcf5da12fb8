import type { ApprovalView } from '@countersign/contracts';
import { useHolder } from '../live/use-claim';
import { VisibleText } from '../text/visible-text';

/** Who else is at a card. Advice: whoever reads it may decide all the same. */
export function HeldNote({ approval }: { approval: ApprovalView }) {
  const holder = useHolder(approval);
  if (holder === null) return null;
  return <span className="held" data-testid="held-note" title="Others may decide all the same: whoever answers first is heard."><VisibleText text={holder} /> is looking at this</span>;
}
