import type { RegisteredTemplate, Template, TemplateComponent } from './template.ts';

/** What can change of a template, each with a history of its own. */
export const TEMPLATE_FACTS = ['status', 'category', 'quality', 'components'] as const;
type Fact = (typeof TEMPLATE_FACTS)[number];

/** A template in the registry, with the time of the newest word on each of its facts, in epoch milliseconds. */
export interface TemplateEntry extends RegisteredTemplate {
  readonly changedAt: Readonly<Record<Fact, number>>;
}

/** What a webhook tells of a template; absent facts stay as they are. */
export type TemplateChange = Partial<Pick<Template, Fact>>;

const sameTime = (atMs: number): TemplateEntry['changedAt'] => ({
  status: atMs,
  category: atMs,
  quality: atMs,
  components: atMs,
});

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The same entry when nothing of it changes, not even the time of what it says. */
const put = (entry: TemplateEntry, change: TemplateChange, atMs: number): TemplateEntry => {
  const facts = TEMPLATE_FACTS.filter((fact) => fact in change);
  const differs = facts.some((fact) => !isSame(entry[fact], change[fact]));
  if (!differs && facts.every((fact) => entry.changedAt[fact] === atMs)) return entry;
  return {
    ...entry,
    ...change,
    version: entry.version + (differs ? 1 : 0),
    changedAt: { ...entry.changedAt, ...Object.fromEntries(facts.map((fact) => [fact, atMs])) },
  };
};

const only = (change: TemplateChange, isWanted: (fact: Fact) => boolean): TemplateChange =>
  Object.fromEntries(
    TEMPLATE_FACTS.filter((fact) => fact in change && isWanted(fact)).map((fact) => [fact, change[fact]]),
  );

/** A webhook tells of a text header, body, footer and buttons; of a media header or a carousel it says nothing. */
const isToldOf = ({ type, format }: TemplateComponent): boolean =>
  type === 'HEADER' ? format === 'TEXT' : ['BODY', 'FOOTER', 'BUTTONS'].includes(type);

const keepUntold = (known: readonly TemplateComponent[], told: readonly TemplateComponent[]) => [
  ...known.filter((component) => !isToldOf(component) && !told.some(({ type }) => type === component.type)),
  ...told,
];

/** Times that have not come cannot be held against what is told now: our clock was wrong then, or is now. */
export const forgetFuture = (entry: TemplateEntry, latestMs: number): TemplateEntry => {
  const { changedAt } = entry;
  const isFuture = (fact: Fact) => changedAt[fact] > latestMs;
  return TEMPLATE_FACTS.some(isFuture)
    ? {
        ...entry,
        changedAt: {
          ...changedAt,
          ...Object.fromEntries(TEMPLATE_FACTS.filter(isFuture).map((fact) => [fact, 0])),
        },
      }
    : entry;
};

/** Takes in what a webhook says, fact by fact, unless something newer is known; of the same time the later arrival counts. */
export const applyChange = (entry: TemplateEntry, change: TemplateChange, atMs: number): TemplateEntry => {
  const { components, ...rest } = change;
  const whole = components === undefined ? rest : { ...rest, components: keepUntold(entry.components, components) };
  return put(
    entry,
    only(whole, (fact) => atMs >= entry.changedAt[fact]),
    atMs,
  );
};

/**
 * Takes in what the provider listed, except facts on which a webhook came after the list was asked for.
 * An entry that says the same already stays as it is.
 */
export const applyListed = (entry: TemplateEntry | undefined, listed: Template, askedAtMs: number): TemplateEntry => {
  if (entry === undefined) return { ...listed, version: 1, changedAt: sameTime(askedAtMs) };
  const { status, category, quality, components } = listed;
  const newer = only({ status, category, quality, components }, (fact) => askedAtMs >= entry.changedAt[fact]);
  const differing = only(newer, (fact) => !isSame(entry[fact], newer[fact]));
  return Object.keys(differing).length === 0 ? entry : put(entry, newer, askedAtMs);
};

/** Whether anything was heard of the template since the list was asked for that it is missing from. */
export const isHeardOfSince = ({ changedAt }: TemplateEntry, askedAtMs: number): boolean =>
  TEMPLATE_FACTS.some((fact) => changedAt[fact] > askedAtMs);
