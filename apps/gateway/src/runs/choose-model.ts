/*
 * What this is: which provider, model and tool a request means. Two ways to say it: `provider` and `model`, or the
 * caller's tool entries (flat, or nested under `data`). Pure.
 */
import { isJsonObject, TOOLS, type AiProvider, type JsonObject, type Tool } from '@countersign/core';
import type { RunInputDto } from '@countersign/contracts';
import type { ProviderRegistry } from '@countersign/providers';
import { invalid, ProblemError } from '../http/answers/problem';
import { findProvider, readModel } from '../models/named-model';

export interface ChosenModel {
  provider: AiProvider;
  /** `owner/name` */
  model: string;
  version: string | null;
  tool: Tool | null;
}

/** A version as a tool entry carries it; other words there say nothing about the model. */
const VERSION_ID = /^[0-9a-f]{64}$/;

export function chooseModel(input: RunInputDto, providers: ProviderRegistry): ChosenModel {
  return input.provider !== undefined || input.model !== undefined ? shortForm(input, providers) : fromTools(input.agent_tool_config, providers);
}

function shortForm({ provider: name, model }: RunInputDto, providers: ProviderRegistry): ChosenModel {
  if (name === undefined) throw invalid('run_input.provider', 'missing', 'provider is needed together with model');
  const provider = findProvider(providers, name);
  if (model === undefined) throw invalid('run_input.model', 'missing', 'model is needed together with provider');
  return { provider, ...readModel(model, 'run_input.model'), tool: null };
}

function fromTools(config: JsonObject | undefined, providers: ProviderRegistry): ChosenModel {
  const entries = Object.entries(config ?? {});
  if (entries.length === 0) throw invalid('run_input.agent_tool_config', 'missing', 'name a tool in agent_tool_config, or provider and model');
  for (const [name, entry] of entries) {
    const tool = TOOLS.find((known) => known === name);
    const provider = tool && providers.forTool(tool);
    if (tool && provider) return { provider, tool, ...modelOfEntry(entry, name) };
  }
  throw new ProblemError(
    'TOOL_NOT_SUPPORTED',
    `no provider stands behind ${entries.map(([name]) => JSON.stringify(name)).join(', ')}; supported: ${providers.mappedTools().join(', ')}`,
  );
}

function modelOfEntry(value: unknown, tool: string): { model: string; version: string | null } {
  const field = `run_input.agent_tool_config.${tool}`;
  if (!isJsonObject(value)) throw invalid(field, 'missing', `${field} must be an object that names the model`);
  const entry = isJsonObject(value.data) && Object.keys(value.data).length > 0 ? value.data : value;
  const name = [entry.name, entry.model_name].find((one) => typeof one === 'string' && one.trim() !== '');
  if (typeof name !== 'string') throw invalid(`${field}.name`, 'missing', `${field} must name the model`);
  const { model, version } = readModel(name.trim(), `${field}.name`);
  const pinned = typeof entry.latest_version === 'string' && VERSION_ID.test(entry.latest_version) ? entry.latest_version : null;
  return { model, version: version ?? pinned };
}
