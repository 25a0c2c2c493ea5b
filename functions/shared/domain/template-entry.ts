import type { RegisteredTemplate, Template, TemplateComponent } from './template.ts';

/** The facts of a template that can change, each at a time of its own. */
export const TEMPLATE_FACTS = ['status', 'category', 'quality', 'components', 'ttlSeconds'] as const;
type Fact = (typeof TEMPLATE_FACTS)[number];

/** A template in the registry, with the time of the newest report of each fact, in epoch milliseconds. */
export interface TemplateEntry extends RegisteredTemplate {
  /** `ttlSeconds` is absent in entries of the release before, in which it was not known. */
  readonly changedAt: Readonly<Record<Exclude<Fact, 'ttlSeconds'>, number>> & {
    readonly ttlSeconds?: number | undefined;
  };
}

/** When a fact was last reported, epoch milliseconds. */
export const changedAtOf = ({ changedAt }: Pick<TemplateEntry, 'changedAt'>, fact: Fact): number =>
  changedAt[fact] ?? 0;

/** The facts that a webhook reports; absent ones are unchanged. */
export type TemplateChange = Partial<Pick<Template, Fact>>;

const sameTime = (atMs: number): TemplateEntry['changedAt'] => ({
  status: atMs,
  category: atMs,
  quality: atMs,
  components: atMs,
  ttlSeconds: atMs,
});

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Sets the facts of a change and their time; returns the same entry when it has both already. */
const withChange = (entry: TemplateEntry, change: TemplateChange, atMs: number): TemplateEntry => {
  const facts = TEMPLATE_FACTS.filter((fact) => fact in change);
  const differs = facts.some((fact) => !isSame(entry[fact], change[fact]));
  if (!differs && facts.every((fact) => changedAtOf(entry, fact) === atMs)) return entry;
  return {
    ...entry,
    ...change,
    version: entry.version + (differs ? 1 : 0),
    changedAt: { ...entry.changedAt, ...Object.fromEntries(facts.map((fact) => [fact, atMs])) },
  };
};

const pickFacts = (change: TemplateChange, isPicked: (fact: Fact) => boolean): TemplateChange =>
  Object.fromEntries(
    TEMPLATE_FACTS.filter((fact) => fact in change && isPicked(fact)).map((fact) => [fact, change[fact]]),
  );

/** Webhooks report a text header, body, footer and buttons, but no media header and no carousel. */
const isInWebhooks = ({ type, format }: TemplateComponent): boolean =>
  type === 'HEADER' ? format === 'TEXT' : ['BODY', 'FOOTER', 'BUTTONS'].includes(type);

const mergeComponents = (known: readonly TemplateComponent[], reported: readonly TemplateComponent[]) => [
  ...known.filter((component) => !isInWebhooks(component) && !reported.some(({ type }) => type === component.type)),
  ...reported,
];

/** Resets times after `latestMs`, which a wrong clock has written: they would block every later change. */
export const resetFutureTimes = (entry: TemplateEntry, latestMs: number): TemplateEntry => {
  const { changedAt } = entry;
  const isFuture = (fact: Fact) => changedAtOf(entry, fact) > latestMs;
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

/** Applies the facts of a webhook, except those of which a newer report is known; at the same time the later arrival wins. */
export const applyChange = (entry: TemplateEntry, change: TemplateChange, atMs: number): TemplateEntry => {
  const { components, ...rest } = change;
  const merged =
    components === undefined ? rest : { ...rest, components: mergeComponents(entry.components, components) };
  return withChange(
    entry,
    pickFacts(merged, (fact) => atMs >= changedAtOf(entry, fact)),
    atMs,
  );
};

/**
 * Applies what the provider listed, except facts that a webhook reported after the list was requested. Returns the same
 * entry when nothing differs.
 */
export const applyListed = (entry: TemplateEntry | undefined, listed: Template, listedAtMs: number): TemplateEntry => {
  if (entry === undefined) return { ...listed, version: 1, changedAt: sameTime(listedAtMs) };
  const { status, category, quality, components, ttlSeconds } = listed;
  const newer = pickFacts(
    { status, category, quality, components, ttlSeconds },
    (fact) => listedAtMs >= changedAtOf(entry, fact),
  );
  const differing = pickFacts(newer, (fact) => !isSame(entry[fact], newer[fact]));
  return Object.keys(differing).length === 0 ? entry : withChange(entry, newer, listedAtMs);
};

/** Whether a fact was reported after that moment. */
export const isChangedSince = (entry: TemplateEntry, sinceMs: number): boolean =>
  TEMPLATE_FACTS.some((fact) => changedAtOf(entry, fact) > sinceMs);
