import { strings } from '../strings.ts';

/** From the first start to the story of a window, in the local run. */
export const FirstSteps = () => (
  <ol className="first-steps">
    {strings.firstSteps.map((step) => (
      <li key={step}>{step}</li>
    ))}
  </ol>
);
