/**
 * The names that OpenTelemetry's GenAI conventions have given to what a usage event holds, newest first, each with the
 * version that brought it. They are in development and change; an event's columns do not. A span is read by the newest
 * name that it has, so one file may hold spans of several versions.
 * Source: the registries of attributes of open-telemetry/semantic-conventions and semantic-conventions-genai.
 */
export const GEN_AI_NAMES = {
  provider: [
    ['gen_ai.provider.name', '1.37'],
    ['gen_ai.system', '1.26'],
  ],
  responseModel: [['gen_ai.response.model', '1.26']],
  requestModel: [['gen_ai.request.model', '1.26']],
  operation: [['gen_ai.operation.name', '1.27']],
  inputTokens: [
    ['gen_ai.usage.input_tokens', '1.27'],
    ['gen_ai.usage.prompt_tokens', '1.26'],
  ],
  outputTokens: [
    ['gen_ai.usage.output_tokens', '1.27'],
    ['gen_ai.usage.completion_tokens', '1.26'],
  ],
  cacheRead: [
    ['gen_ai.usage.cache_read.input_tokens', '1.40'],
    ['gen_ai.usage.cache_read_input_tokens', 'before 1.40, by instrumentations'],
  ],
  cacheWrite: [
    ['gen_ai.usage.cache_write.input_tokens', 'genai'],
    ['gen_ai.usage.cache_creation.input_tokens', '1.40'],
    ['gen_ai.usage.cache_creation_input_tokens', 'before 1.40, by instrumentations'],
  ],
  reasoning: [
    ['gen_ai.usage.reasoning.output_tokens', 'genai'],
    ['gen_ai.usage.reasoning_tokens', 'before, by instrumentations'],
  ],
  timeToFirst: [
    ['gen_ai.response.time_to_first_chunk', 'genai'],
    ['gen_ai.server.time_to_first_token', 'by instrumentations'],
  ],
  errorType: [['error.type', '1.24']],
  status: [
    ['http.response.status_code', '1.21'],
    ['http.status_code', 'before 1.21'],
  ],
  region: [['cloud.region', '1.0']],
  organization: [['plinth.organization.id', 'Plinth']],
  apiKey: [['plinth.api_key.id', 'Plinth']],
  user: [
    ['user.id', '1.26'],
    ['enduser.id', '1.4'],
  ],
} as const satisfies Readonly<Record<string, readonly (readonly [name: string, since: string])[]>>;

export type GenAiName = keyof typeof GEN_AI_NAMES;

/** The value that a span has under the newest of the names. */
export function attributeOf(
  attributes: ReadonlyMap<string, AttributeValue>,
  name: GenAiName,
): AttributeValue | undefined {
  const found = GEN_AI_NAMES[name].find(([attribute]) => attributes.has(attribute));
  return found && attributes.get(found[0]);
}

export type AttributeValue = string | number | boolean;

/** Operations that ask a model; the spans of others (agents, tools, workflows) hold sums of these, or none. */
export const OPERATIONS_OF_SPANS = {
  chat: 'chat',
  text_completion: 'text_completion',
  completion: 'text_completion',
  generate_content: 'generate_content',
  embeddings: 'embeddings',
  embedding: 'embeddings',
  rerank: 'rerank',
  moderation: 'moderation',
  image_generation: 'image_generation',
  speech: 'speech',
  transcription: 'transcription',
} as const;
