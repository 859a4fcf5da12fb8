import type { Handlers } from '@countersign/queues';
import type { AskModel } from './language/ask-model';
import type { LaunchOnce } from './launch/launch-once';
import type { LookAtLaunch } from './follow/look-at-launch';
import type { ResolveForm } from './forms/resolve-form';
import type { StopJob } from './follow/stop-job';

export function executorHandlers(hands: { launchOnce: LaunchOnce; look: LookAtLaunch; stopJob: StopJob; resolveForm: ResolveForm; askModel: AskModel }): Handlers<'executor'> {
  return {
    'execution.launch': ({ run_id, attempt }) => hands.launchOnce.launch(run_id, attempt),
    'execution.follow': ({ launch_id }) => hands.look.lookById(launch_id),
    'execution.stop': ({ run_id, attempt }) => hands.stopJob.stop(run_id, attempt),
    'approval.word': (data) => hands.askModel.word(data),
    'model.ask': ({ call_id }) => hands.askModel.ask(call_id),
    'form.resolve': (data) => hands.resolveForm.resolve(data),
  };
}
