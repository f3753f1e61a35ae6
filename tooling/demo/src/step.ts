/** The five, in the order they are shown. */
export const providers = ['quickblox', 'hubrise', 'nexudus', 'hypelabs', 'hub'] as const;
export type Provider = (typeof providers)[number];

/** Who takes part in a scenario. */
export type Party = 'product app' | 'browser' | 'device' | 'QuickBlox' | 'HubRise' | 'Nexudus' | 'HypeLabs' | 'Hub';

/** One thing that was checked on the way. */
export interface StepCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail?: string | undefined;
}

/** One thing that happened: an exchange over HTTP, or something that a party worked out by itself. */
export interface Step {
  readonly provider: Provider;
  /** From 1 within the provider. */
  readonly number: number;
  readonly from: Party;
  /** Equal to `from` for a step that needs no network. */
  readonly to: Party;
  /** `POST /session.json`, or a sentence. */
  readonly what: string;
  /** The answer's status; undefined without an exchange. */
  readonly status: number | undefined;
  readonly checks: readonly StepCheck[];
  /** `tampered`: a byte was changed on the way here. */
  readonly tampered: boolean;
  readonly ms: number;
}

/** What came of one provider's scenario. */
export interface Outcome {
  readonly provider: Provider;
  readonly ok: boolean;
  readonly steps: readonly Step[];
  /** What the scenario showed, a sentence each; empty when it failed. */
  readonly proved: readonly string[];
  /** Where and why it ended, when it failed. */
  readonly caught: string | undefined;
  readonly ms: number;
}
