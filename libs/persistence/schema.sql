CREATE TABLE api_keys (
  key_id uuid NOT NULL,
  key_hash text NOT NULL,
  tenant_id text NOT NULL,
  user_id text NOT NULL,
  roles text[] NOT NULL,
  created_at timestamp with time zone NOT NULL,
  revoked_at timestamp with time zone,
  CONSTRAINT api_keys_key_hash_key UNIQUE (key_hash),
  CONSTRAINT api_keys_pkey PRIMARY KEY (key_id)
);

CREATE TABLE budget_cap_changes (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  tenant_id text NOT NULL,
  user_id text NOT NULL,
  before_micros bigint,
  after_micros bigint,
  changed_by text NOT NULL,
  changed_at timestamp with time zone NOT NULL,
  CONSTRAINT budget_cap_changes_pkey PRIMARY KEY (id)
);

CREATE TABLE budget_caps (
  tenant_id text NOT NULL,
  user_id text NOT NULL,
  micros bigint NOT NULL,
  on_unknown text NOT NULL,
  set_by text NOT NULL,
  set_at timestamp with time zone NOT NULL,
  CONSTRAINT budget_caps_micros_check CHECK ((micros >= 0)),
  CONSTRAINT budget_caps_pkey PRIMARY KEY (tenant_id, user_id)
);

CREATE TABLE budget_days (
  tenant_id text NOT NULL,
  user_id text NOT NULL,
  day date NOT NULL,
  reserved_micros bigint NOT NULL DEFAULT 0,
  used_micros bigint NOT NULL DEFAULT 0,
  CONSTRAINT budget_days_pkey PRIMARY KEY (tenant_id, day, user_id)
);

CREATE TABLE budget_reservations (
  run_id uuid NOT NULL,
  attempt integer NOT NULL,
  tenant_id text NOT NULL,
  user_id text NOT NULL,
  day date NOT NULL,
  micros bigint NOT NULL,
  state text NOT NULL,
  overridden_by text,
  booked_micros bigint,
  actual_micros bigint,
  CONSTRAINT budget_reservations_pkey PRIMARY KEY (run_id, attempt)
);

CREATE TABLE hitl_approvals (
  approval_id uuid NOT NULL,
  run_id uuid NOT NULL,
  tenant_id text NOT NULL,
  checkpoint text NOT NULL,
  status text NOT NULL,
  title text NOT NULL,
  message text NOT NULL,
  context jsonb NOT NULL,
  schema jsonb NOT NULL,
  allowed_actions text[] NOT NULL,
  payload jsonb,
  payload_hash text,
  requested_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  on_timeout text NOT NULL,
  timeout_seconds integer NOT NULL,
  extensions integer NOT NULL DEFAULT 0,
  user_id text,
  session_id text,
  claimed_by text,
  request_id text,
  decision jsonb,
  decided_at timestamp with time zone,
  claimed_until timestamp with time zone,
  CONSTRAINT hitl_approvals_pkey PRIMARY KEY (approval_id)
);
CREATE INDEX hitl_approvals_answered ON public.hitl_approvals USING btree (decided_at) WHERE (status <> 'pending'::text);
CREATE INDEX hitl_approvals_browser ON public.hitl_approvals USING btree (COALESCE(decided_at, requested_at)) WHERE (checkpoint = 'browser_action'::text);
CREATE INDEX hitl_approvals_due ON public.hitl_approvals USING btree (expires_at) WHERE (status = 'pending'::text);
CREATE INDEX hitl_approvals_lengthened ON public.hitl_approvals USING btree (approval_id) WHERE ((status = 'pending'::text) AND (extensions > 0));
CREATE INDEX hitl_approvals_pending ON public.hitl_approvals USING btree (tenant_id, approval_id) WHERE (status = 'pending'::text);
CREATE INDEX hitl_approvals_pending_session ON public.hitl_approvals USING btree (tenant_id, session_id, approval_id) WHERE ((status = 'pending'::text) AND (session_id IS NOT NULL));
CREATE INDEX hitl_approvals_pending_user ON public.hitl_approvals USING btree (tenant_id, user_id, approval_id) WHERE (status = 'pending'::text);
CREATE UNIQUE INDEX hitl_approvals_request ON public.hitl_approvals USING btree (run_id, request_id) WHERE (request_id IS NOT NULL);
CREATE INDEX hitl_approvals_run ON public.hitl_approvals USING btree (run_id, requested_at);

CREATE TABLE hitl_artifacts (
  artifact_id uuid NOT NULL,
  tenant_id text NOT NULL,
  user_id text NOT NULL,
  run_id uuid,
  sha256 text NOT NULL,
  mime text NOT NULL,
  bytes bigint NOT NULL,
  name text,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT hitl_artifacts_pkey PRIMARY KEY (artifact_id)
);
CREATE INDEX hitl_artifacts_content ON public.hitl_artifacts USING btree (sha256);
CREATE INDEX hitl_artifacts_run ON public.hitl_artifacts USING btree (run_id) WHERE (run_id IS NOT NULL);

CREATE TABLE hitl_commands (
  command_id uuid NOT NULL,
  run_id uuid NOT NULL,
  name text NOT NULL,
  requested_by text NOT NULL,
  reason text NOT NULL,
  requested_at timestamp with time zone NOT NULL,
  outcome text,
  detail text,
  CONSTRAINT hitl_commands_pkey PRIMARY KEY (command_id)
);
CREATE INDEX hitl_commands_open ON public.hitl_commands USING btree (run_id, requested_at) WHERE (outcome IS NULL);

CREATE TABLE hitl_launches (
  launch_id uuid NOT NULL,
  run_id uuid NOT NULL,
  tenant_id text NOT NULL,
  attempt integer NOT NULL,
  provider text NOT NULL,
  model text NOT NULL,
  payload_hash text NOT NULL,
  status text NOT NULL,
  callback_token text NOT NULL,
  job_id text,
  callback_job_id text,
  submitted_at timestamp with time zone NOT NULL,
  launched_at timestamp with time zone,
  finished_at timestamp with time zone,
  next_check_at timestamp with time zone,
  checks integer NOT NULL DEFAULT 0,
  progress jsonb,
  outcome jsonb,
  model_version text,
  CONSTRAINT hitl_launches_pkey PRIMARY KEY (launch_id),
  CONSTRAINT hitl_launches_run_id_attempt_key UNIQUE (run_id, attempt)
);
CREATE INDEX hitl_launches_due ON public.hitl_launches USING btree (next_check_at) WHERE (next_check_at IS NOT NULL);
CREATE UNIQUE INDEX hitl_launches_job ON public.hitl_launches USING btree (provider, job_id) WHERE (job_id IS NOT NULL);
CREATE INDEX hitl_launches_observed ON public.hitl_launches USING btree (provider, model, model_version, finished_at DESC) WHERE (status = 'succeeded'::text);

CREATE TABLE hitl_model_calls (
  call_id uuid NOT NULL,
  run_id uuid NOT NULL,
  approval_id uuid NOT NULL,
  purpose text NOT NULL,
  words text,
  asked_at timestamp with time zone NOT NULL,
  until timestamp with time zone NOT NULL,
  model text,
  tokens integer NOT NULL DEFAULT 0,
  began_at timestamp with time zone,
  ended_at timestamp with time zone,
  outcome text,
  answer jsonb,
  CONSTRAINT hitl_model_calls_pkey PRIMARY KEY (call_id)
);
CREATE INDEX hitl_model_calls_approval ON public.hitl_model_calls USING btree (approval_id);
CREATE INDEX hitl_model_calls_day ON public.hitl_model_calls USING btree (began_at) WHERE (began_at IS NOT NULL);
CREATE INDEX hitl_model_calls_open ON public.hitl_model_calls USING btree (until) WHERE (outcome IS NULL);
CREATE INDEX hitl_model_calls_run ON public.hitl_model_calls USING btree (run_id) WHERE (began_at IS NOT NULL);

CREATE TABLE hitl_observations (
  approval_id uuid NOT NULL,
  tenant_id text NOT NULL,
  user_id text NOT NULL,
  provider text NOT NULL,
  model text NOT NULL,
  model_version text NOT NULL,
  changed boolean NOT NULL,
  fields jsonb NOT NULL,
  decided_by text NOT NULL,
  decided_at timestamp with time zone NOT NULL,
  CONSTRAINT hitl_observations_pkey PRIMARY KEY (approval_id)
);
CREATE INDEX hitl_observations_owner ON public.hitl_observations USING btree (tenant_id, user_id, provider, model, decided_at);

CREATE TABLE hitl_parameter_memory (
  memory_id uuid NOT NULL,
  tenant_id text NOT NULL,
  user_id text NOT NULL,
  provider text NOT NULL,
  model text NOT NULL,
  model_version text NOT NULL,
  field text NOT NULL,
  before jsonb NOT NULL,
  after jsonb NOT NULL,
  first_seen_at timestamp with time zone NOT NULL,
  last_seen_at timestamp with time zone NOT NULL,
  ruling text,
  ruled_by text,
  ruled_at timestamp with time zone,
  CONSTRAINT hitl_parameter_memory_pkey PRIMARY KEY (memory_id),
  CONSTRAINT hitl_parameter_memory_ruling_check CHECK ((ruling = ANY (ARRAY['muted'::text, 'always'::text])))
);
CREATE UNIQUE INDEX hitl_parameter_memory_change ON public.hitl_parameter_memory USING btree (tenant_id, user_id, provider, model, model_version, field, before, after);
CREATE INDEX hitl_parameter_memory_tenant ON public.hitl_parameter_memory USING btree (tenant_id, memory_id);

CREATE TABLE hitl_runs (
  run_id uuid NOT NULL,
  tenant_id text NOT NULL,
  user_id text NOT NULL,
  session_id text,
  parent_run_id uuid,
  version integer NOT NULL,
  status text NOT NULL,
  step text NOT NULL,
  provider text NOT NULL,
  model text NOT NULL,
  model_version text,
  tool text,
  attempt integer NOT NULL DEFAULT 0,
  auto_retries integer NOT NULL DEFAULT 0,
  approval_id uuid,
  config jsonb NOT NULL,
  original_input jsonb NOT NULL,
  edits jsonb NOT NULL DEFAULT '{}'::jsonb,
  preparation jsonb,
  consent jsonb,
  output jsonb,
  cost jsonb,
  standing jsonb NOT NULL DEFAULT '{}'::jsonb,
  times jsonb NOT NULL,
  event_hash text NOT NULL,
  idempotency_key text,
  request_hash text,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  proposal jsonb,
  stale_consent jsonb,
  CONSTRAINT hitl_runs_pkey PRIMARY KEY (run_id)
);
CREATE UNIQUE INDEX hitl_runs_idempotency ON public.hitl_runs USING btree (tenant_id, user_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);
CREATE INDEX hitl_runs_moving ON public.hitl_runs USING btree (updated_at) WHERE (status = ANY (ARRAY['queued'::text, 'running'::text]));
CREATE INDEX hitl_runs_session ON public.hitl_runs USING btree (tenant_id, session_id, run_id) WHERE (session_id IS NOT NULL);
CREATE INDEX hitl_runs_tenant ON public.hitl_runs USING btree (tenant_id, run_id);
CREATE INDEX hitl_runs_updated ON public.hitl_runs USING btree (updated_at);
CREATE INDEX hitl_runs_user ON public.hitl_runs USING btree (tenant_id, user_id, run_id);
CREATE INDEX hitl_runs_waiting ON public.hitl_runs USING btree (approval_id) WHERE (status = 'awaiting_human'::text);

CREATE TABLE hitl_step_events (
  run_id uuid NOT NULL,
  seq integer NOT NULL,
  type text NOT NULL,
  step text NOT NULL,
  status text NOT NULL,
  at timestamp with time zone NOT NULL,
  actor text NOT NULL,
  message text NOT NULL,
  metadata jsonb NOT NULL DEFAULT '{}'::jsonb,
  prev_hash text NOT NULL,
  hash text NOT NULL,
  CONSTRAINT hitl_step_events_pkey PRIMARY KEY (run_id, seq)
);

CREATE TABLE language_model (
  only_one boolean NOT NULL DEFAULT true,
  name text NOT NULL,
  CONSTRAINT language_model_only_one_check CHECK (only_one),
  CONSTRAINT language_model_pkey PRIMARY KEY (only_one)
);

CREATE TABLE model_forms (
  provider text NOT NULL,
  model text NOT NULL,
  requested_version text NOT NULL,
  form jsonb,
  problem jsonb,
  fetched_at timestamp with time zone NOT NULL,
  CONSTRAINT model_forms_pkey PRIMARY KEY (provider, model, requested_version)
);

CREATE TABLE notices (
  run_id uuid NOT NULL,
  channel text NOT NULL,
  told_seq integer NOT NULL DEFAULT 0,
  next_try_at timestamp with time zone,
  CONSTRAINT notices_pkey PRIMARY KEY (run_id, channel)
);
CREATE INDEX notices_due ON public.notices USING btree (next_try_at) WHERE (next_try_at IS NOT NULL);

CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  job text NOT NULL,
  data jsonb NOT NULL,
  not_before timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT outbox_pkey PRIMARY KEY (id)
);

ALTER TABLE budget_reservations ADD CONSTRAINT budget_reservations_run_id_fkey FOREIGN KEY (run_id) REFERENCES hitl_runs(run_id);
ALTER TABLE hitl_approvals ADD CONSTRAINT hitl_approvals_run_id_fkey FOREIGN KEY (run_id) REFERENCES hitl_runs(run_id);
ALTER TABLE hitl_artifacts ADD CONSTRAINT hitl_artifacts_run_id_fkey FOREIGN KEY (run_id) REFERENCES hitl_runs(run_id);
ALTER TABLE hitl_commands ADD CONSTRAINT hitl_commands_run_id_fkey FOREIGN KEY (run_id) REFERENCES hitl_runs(run_id);
ALTER TABLE hitl_launches ADD CONSTRAINT hitl_launches_run_id_fkey FOREIGN KEY (run_id) REFERENCES hitl_runs(run_id);
ALTER TABLE hitl_model_calls ADD CONSTRAINT hitl_model_calls_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES hitl_approvals(approval_id);
ALTER TABLE hitl_model_calls ADD CONSTRAINT hitl_model_calls_run_id_fkey FOREIGN KEY (run_id) REFERENCES hitl_runs(run_id);
ALTER TABLE hitl_step_events ADD CONSTRAINT hitl_step_events_run_id_fkey FOREIGN KEY (run_id) REFERENCES hitl_runs(run_id);
ALTER TABLE notices ADD CONSTRAINT notices_run_id_fkey FOREIGN KEY (run_id) REFERENCES hitl_runs(run_id);

CREATE OR REPLACE FUNCTION public.hitl_refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
      BEGIN RAISE EXCEPTION 'hitl_step_events is append-only'; END $function$
;

CREATE TRIGGER hitl_step_events_append_only BEFORE DELETE OR UPDATE ON public.hitl_step_events FOR EACH ROW EXECUTE FUNCTION hitl_refuse_change();
CREATE TRIGGER hitl_step_events_never_emptied BEFORE TRUNCATE ON public.hitl_step_events FOR EACH STATEMENT EXECUTE FUNCTION hitl_refuse_change();
