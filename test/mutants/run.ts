import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import pMap from 'p-map';
import { originOf, writePart } from '../support/proof-page.ts';
import { copyCode, judge, noticedBy } from './judge.ts';
import type { Judge, Planted } from './planted/planted.ts';
import { PLANTED } from './planted.ts';

const { values: options } = parseArgs({ options: { only: { type: 'string' } } });
const only = options.only?.split(',').map(Number);
if (only?.some((number) => PLANTED[number - 1] === undefined))
  throw new Error(`--only takes numbers from 1 to ${PLANTED.length}, such as --only 1,7`);
const started = new Date();
const origin = originOf(started, options);
const workers = Math.min(4, availableParallelism());

/** What a defect was noticed by, with its number. */
interface Judged {
  readonly number: number;
  readonly planted: Planted;
  readonly by: string | undefined;
}

const chosen = PLANTED.map((planted, index) => ({ number: index + 1, planted })).filter(
  ({ number }) => only?.includes(number) ?? true,
);

const nameOf = ({ test, meeting }: Judge): string => test ?? meeting?.join(', ') ?? 'the random histories';

/** Each judge of a defect, once. */
const judges = [...new Map(chosen.map(({ planted }) => [nameOf(planted), planted])).values()];

/** A judge that notices something in the code as it is can judge no defect. */
const checkJudge = async (copy: string, of: Judge): Promise<void> => {
  const noticed = await noticedBy(copy, of);
  if (noticed !== undefined) throw new Error(`without a planted defect, ${nameOf(of)}: ${noticed}`);
};

const copies = Array.from({ length: workers }, copyCode);
/** Runs each in a copy of its own. */
const inCopies = <T, R>(list: readonly T[], each: (copy: string, one: T) => Promise<R>): Promise<R[]> => {
  const free = [...copies];
  return pMap(
    list,
    async (one) => {
      const copy = free.pop() ?? '';
      try {
        return await each(copy, one);
      } finally {
        free.push(copy);
      }
    },
    { concurrency: workers },
  );
};

const judgeOne = async (copy: string, { number, planted }: Omit<Judged, 'by'>): Promise<Judged> => {
  const by = await judge(copy, planted);
  console.log(`${number}. ${planted.what}\n   ${by ?? `SURVIVES: ${planted.survives ?? 'no reason is known'}`}`);
  return { number, planted, by };
};

const judged: Judged[] = [];
try {
  await inCopies(judges, checkJudge);
  console.log(`the ${judges.length} judges notice nothing in the code as it is`);
  judged.push(...(await inCopies(chosen, judgeOne)));
} finally {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
}

const noticed = judged.filter(({ by }) => by !== undefined);
const survivors = judged.filter(({ by }) => by === undefined);
const unexplained = survivors.filter(({ planted }) => planted.survives === undefined);
const minutes = ((Date.now() - started.getTime()) / 60_000).toFixed(1);
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const place = ({ file }: Planted): string => `\`${file.replace('functions/', '')}\``;
const summary = `${noticed.length} of ${judged.length} planted defects are noticed, ${survivors.length} survive, ${unexplained.length} of them without a reason; ${minutes} minutes with ${workers} processes.`;

if (only === undefined)
  writePart('mutants', [
    origin,
    `- ${summary}`,
    '',
    'Each defect is planted alone in a copy of the code. It is judged by a test file, by the two who must meet for it in every order, or by the random histories from seed 1 on; each of these notices nothing in the code as it is.',
    '',
    '| no. | what the code does wrong | where | noticed by |',
    '| ---: | --- | --- | --- |',
    ...noticed.map(
      ({ number, planted, by = '' }) => `| ${number} | ${planted.what} | ${place(planted)} | ${cell(by)} |`,
    ),
    '',
    '| no. | what survives | where | why it changes nothing |',
    '| ---: | --- | --- | --- |',
    ...survivors.map(
      ({ number, planted }) => `| ${number} | ${planted.what} | ${place(planted)} | ${planted.survives ?? 'unknown'} |`,
    ),
  ]);
console.log(summary);
process.exitCode = unexplained.length === 0 ? 0 : 1;
