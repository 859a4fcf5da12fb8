import { useApproval } from '../live/use-approval';
import { ApprovalCard } from './approval-card';
import { explainRefusal } from './refusal';

export function ApprovalPage({ approvalId }: { approvalId: string }) {
  const { approval, error, reload } = useApproval(approvalId);
  if (approval) return <ApprovalCard key={approvalId} approval={approval} onReload={reload} />;
  if (!error) return <p className="placeholder">Loading…</p>;
  const { title, detail } = explainRefusal(error);
  return <div className="banner error" role="alert"><strong>{title}</strong> {detail}</div>;
}
