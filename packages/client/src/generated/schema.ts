// Generated from the OpenAPI document by npm run client:generate; a test holds it to that.
export interface paths {
    readonly "/v1/access": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What the sender of this request may do here, and whether keys are needed */
        readonly get: operations["access"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/indicators": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** All indicators and measures, in the catalog’s order */
        readonly get: operations["indicators"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/indicators/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One indicator with its formula, measures and targets */
        readonly get: operations["indicator"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/indicators/{id}/value": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Value of a window, with target, status, trend, comparison and groups */
        readonly get: operations["value"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/indicators/{id}/series": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Values step by step */
        readonly get: operations["series"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/board": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The indicators of the board with status and spark line */
        readonly get: operations["board"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/stream": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The board and alerts as they change, as server-sent events */
        readonly get: operations["stream"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/targets/{id}/attainment": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** How many of the last whole periods attained the target that was in force at their end */
        readonly get: operations["attainment"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/actions/{id}/effect": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What followed an action, beyond the trend before it */
        readonly get: operations["effect"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/drivers/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Why an indicator moved: mix against rate by segment, and which child of the hierarchy drags */
        readonly get: operations["drivers"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/correlations": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Do two indicators move together: by day at several lags, or across segments */
        readonly get: operations["correlations"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/targets/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Targets of an indicator and their history, the one set last first */
        readonly get: operations["targets"];
        /** Sets the targets of an indicator from now on; those set before go on judging what is over */
        readonly put: operations["setTargets"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/north-star": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Which indicators lead, since when, why, and which led before */
        readonly get: operations["northStar"];
        /** Sets which indicators lead from an instant on */
        readonly put: operations["setNorthStar"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/actions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Actions planned, done and cancelled, by their time */
        readonly get: operations["actions"];
        readonly put?: never;
        /** Records an action; with the id of an earlier one, changes it */
        readonly post: operations["putAction"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/actions/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One action */
        readonly get: operations["action"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/references/{name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** A dated series of figures that no event carries */
        readonly get: operations["references"];
        readonly put?: never;
        /** Adds values as JSON or CSV; one at the instant and for the part of an earlier one takes its place */
        readonly post: operations["postReferences"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Who changed what that steers, or who may steer, the latest first */
        readonly get: operations["audit"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/alerts": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Alerts that fire, are pending or ended lately, the most urgent first, and the rules */
        readonly get: operations["alerts"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/alerts/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One alert */
        readonly get: operations["alert"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/alerts/history": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What happened to alerts: pending, firing, resolved, sent to whom and answered what; newest first */
        readonly get: operations["alertHistory"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/alerts/{id}/acknowledge": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Takes care of a firing alert: nobody is reminded of it any more, its end is told all the same */
        readonly post: operations["acknowledgeAlert"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/silences": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Silences that are in force, planned, or over for less than thirty days; the last set first */
        readonly get: operations["silences"];
        readonly put?: never;
        /** Silences alerts for a while; with the id of an earlier silence, changes that one */
        readonly post: operations["putSilence"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/silences/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One silence */
        readonly get: operations["silence"];
        readonly put?: never;
        readonly post?: never;
        /** Ends a silence before its time; one that is over stays as it is */
        readonly delete: operations["endSilence"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/digests": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Periodic reports: what is reported, when and to whom, and what became of the last ones */
        readonly get: operations["digests"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/digests/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One report: values against targets, trends, what was done, and which alerts fired */
        readonly get: operations["digest"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/system": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** How Kivi itself does: partitions, ledger, dead letters, derived tables, versions */
        readonly get: operations["system"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/funnels": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The catalog’s funnels with their steps */
        readonly get: operations["funnels"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/funnels/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** How far persons came, where they were lost, and which step has the greatest leverage */
        readonly get: operations["funnel"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/cohorts/retention": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Persons by the period of their first time, and how many came back how many periods later */
        readonly get: operations["retention"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/segments/value": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Persons by what they were worth when the window began, and what they brought in it */
        readonly get: operations["valueSegments"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/churn-reasons": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What those who left spoke of last before, beside those who stayed */
        readonly get: operations["churnReasons"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/metrics/indicators": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The board as a page to scrape, in Prometheus’s or OpenMetrics’ format */
        readonly get: operations["indicatorMetrics"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/prometheus/api/v1/query": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** A PromQL expression at one instant */
        readonly get: operations["promQuery"];
        readonly put?: never;
        /** A PromQL expression at one instant (as a form) */
        readonly post: operations["promQueryByForm"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/prometheus/api/v1/query_range": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** A PromQL expression step by step */
        readonly get: operations["promQueryRange"];
        readonly put?: never;
        /** A PromQL expression step by step (as a form) */
        readonly post: operations["promQueryRangeByForm"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/prometheus/api/v1/series": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Labels of the series that selectors match */
        readonly get: operations["promSeries"];
        readonly put?: never;
        /** Labels of the series that selectors match (as a form) */
        readonly post: operations["promSeriesByForm"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/prometheus/api/v1/labels": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Names of labels */
        readonly get: operations["promLabels"];
        readonly put?: never;
        /** Names of labels (as a form) */
        readonly post: operations["promLabelsByForm"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/prometheus/api/v1/label/{name}/values": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Values of a label */
        readonly get: operations["promLabelValues"];
        readonly put?: never;
        /** Values of a label (as a form) */
        readonly post: operations["promLabelValuesByForm"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/prometheus/api/v1/metadata": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Type and help of each metric */
        readonly get: operations["promMetadata"];
        readonly put?: never;
        /** Type and help of each metric (as a form) */
        readonly post: operations["promMetadataByForm"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/prometheus/api/v1/status/buildinfo": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Whose API this is, in which version */
        readonly get: operations["promBuildInfo"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/healthz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Whether the process lives */
        readonly get: operations["health"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/readyz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Whether the service can answer */
        readonly get: operations["readiness"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/metrics": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** How the service itself does, as Prometheus text */
        readonly get: operations["metrics"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/openapi.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** This very document */
        readonly get: operations["document"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Take events: one JSON object, an array of them, or one a line (NDJSON); gzip is understood */
        readonly post: operations["sendEvents"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        readonly Problem: {
            readonly type: string;
            readonly title: string;
            readonly status: number;
            readonly code: string;
            readonly detail: string;
            readonly instance: string;
            readonly parameter?: string;
            readonly allowed?: readonly string[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly access: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Whether this Kivi answers to keys only. */
                        readonly protected: boolean;
                        /** @description Of the key; null: none was sent, or none is needed. */
                        readonly name: string | null;
                        /** @description Id of the key, by which the audit and kivi keys know it; never the key itself. */
                        readonly key: string | null;
                        /** @description All that the sender may do, those that another role implies too; empty: nothing without a key. */
                        readonly roles: readonly ("ingest" | "read" | "steer" | "admin")[];
                        /** @description The part of the numbers that the key sees; null: all of them. */
                        readonly scope: {
                            /** @description Only indicators that this owner answers for; null: of all owners. */
                            readonly owner: string | null;
                            /** @description Only what happened with one of these values of each of these dimensions; empty: everything. */
                            readonly dimensions: {
                                readonly [key: string]: readonly string[];
                            };
                        } | null;
                    };
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly indicators: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Most items of a page.
                 * @example 100
                 */
                readonly limit?: number;
                /**
                 * @description `next` of the page before; without, the first page.
                 * @example Y3Ry
                 */
                readonly cursor?: string;
                /**
                 * @description How to answer, whatever `Accept` says. `excel` is CSV that Excel takes for UTF-8.
                 * @example csv
                 */
                readonly format?: "json" | "csv" | "excel";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly {
                            readonly id: string;
                            readonly label: {
                                readonly en: string;
                                readonly zh: string;
                            };
                            readonly description: {
                                readonly en: string;
                                readonly zh: string;
                            };
                            /** @enum {string} */
                            readonly type: "simple" | "ratio" | "derived" | "cumulative" | "growth" | "share" | "mean" | "weighted" | "correlation" | "conversion" | "retention" | "funnel";
                            readonly unit: string;
                            /** @enum {string} */
                            readonly better: "higher" | "lower";
                            readonly level: string | null;
                            readonly kind: string | null;
                            readonly timing: string | null;
                            readonly owner: string | null;
                            readonly strategy: string | null;
                            readonly parent: string | null;
                            readonly dimensions: readonly string[];
                            readonly window: string;
                            readonly board: boolean;
                            readonly target: {
                                readonly value: number;
                                readonly by: {
                                    readonly [key: string]: string;
                                };
                                readonly per: string | null;
                                readonly window: string | null;
                                /** @description Where the value was told as a change: value = baseline × (1 + change). */
                                readonly baseline: {
                                    readonly change: number;
                                    readonly value: number;
                                } | null;
                                /** Format: date-time */
                                readonly from: string;
                                /** Format: date-time */
                                readonly until: string | null;
                                readonly reason: string;
                                readonly set_by: string;
                                readonly set_at: string;
                            } | null;
                            readonly version: string;
                        }[];
                        readonly next: string | null;
                    };
                    readonly "text/csv": string;
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly indicator: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of an indicator or measure.
                 * @example ctr
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly label: {
                            readonly en: string;
                            readonly zh: string;
                        };
                        readonly description: {
                            readonly en: string;
                            readonly zh: string;
                        };
                        /** @enum {string} */
                        readonly type: "simple" | "ratio" | "derived" | "cumulative" | "growth" | "share" | "mean" | "weighted" | "correlation" | "conversion" | "retention" | "funnel";
                        readonly unit: string;
                        /** @enum {string} */
                        readonly better: "higher" | "lower";
                        readonly level: string | null;
                        readonly kind: string | null;
                        readonly timing: string | null;
                        readonly owner: string | null;
                        readonly strategy: string | null;
                        readonly parent: string | null;
                        readonly dimensions: readonly string[];
                        readonly window: string;
                        readonly board: boolean;
                        readonly target: {
                            readonly value: number;
                            readonly by: {
                                readonly [key: string]: string;
                            };
                            readonly per: string | null;
                            readonly window: string | null;
                            /** @description Where the value was told as a change: value = baseline × (1 + change). */
                            readonly baseline: {
                                readonly change: number;
                                readonly value: number;
                            } | null;
                            /** Format: date-time */
                            readonly from: string;
                            /** Format: date-time */
                            readonly until: string | null;
                            readonly reason: string;
                            readonly set_by: string;
                            readonly set_at: string;
                        } | null;
                        readonly version: string;
                        readonly formula: string;
                        /** @description Everything that it rests on, however indirectly. */
                        readonly measures: readonly {
                            readonly id: string;
                            /** @enum {string} */
                            readonly kind: "event" | "entity" | "attributed" | "funnel" | "reference";
                            readonly agg: string;
                            readonly dimensions: readonly string[];
                            readonly events?: readonly string[];
                            readonly expr: string | null;
                            readonly filter: string | null;
                            readonly distinct: string | null;
                            readonly quantile: number | null;
                            /** @description Entity, attribution, funnel or reference that it is about. */
                            readonly of?: string;
                            /** @description What decides in which window something counts. */
                            readonly timing?: string;
                            /** @description Of an attribution what is counted, of a funnel the step, of a reference what is taken. */
                            readonly counts?: string;
                            /** @description How long after the window it can still change. */
                            readonly follow_up?: string;
                        }[];
                        /** @description A point of its series is the value of the whole window that ends there. */
                        readonly rolling: boolean;
                        /** @enum {string|null} */
                        readonly interval: "wilson" | "clustered" | "nps" | null;
                        readonly provisional_while: string | null;
                        readonly record: {
                            readonly every: string;
                            readonly by: readonly string[];
                        } | null;
                        readonly at_risk_within: number;
                        readonly minimum_volume: number | null;
                        readonly targets: readonly {
                            readonly value: number;
                            readonly by: {
                                readonly [key: string]: string;
                            };
                            readonly per: string | null;
                            readonly window: string | null;
                            /** @description Where the value was told as a change: value = baseline × (1 + change). */
                            readonly baseline: {
                                readonly change: number;
                                readonly value: number;
                            } | null;
                            /** Format: date-time */
                            readonly from: string;
                            /** Format: date-time */
                            readonly until: string | null;
                            readonly reason: string;
                            readonly set_by: string;
                            readonly set_at: string;
                        }[];
                        readonly benchmarks: readonly {
                            readonly label: {
                                readonly en: string;
                                readonly zh: string;
                            };
                            readonly value: number;
                            readonly upper: number | null;
                            readonly source: string;
                        }[];
                        readonly source: string | null;
                    };
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly value: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Length such as 15m, 1h, 7d; ends at the last complete slice, or at `to`.
                 * @example 7d
                 */
                readonly window?: string;
                /**
                 * @description The calendar period that holds `to`, up to `to`.
                 * @example month
                 */
                readonly period?: "day" | "week" | "month" | "quarter" | "year";
                /**
                 * @description RFC 3339 time, inclusive.
                 * @example 2026-03-01T00:00:00Z
                 */
                readonly from?: string;
                /**
                 * @description RFC 3339 time, exclusive.
                 * @example 2026-03-08T00:00:00Z
                 */
                readonly to?: string;
                /**
                 * @description RFC 3339 time, not before `to`: the answer as it would have been then, with follow-ups seen up to it.
                 * @example 2026-03-09T00:00:00Z
                 */
                readonly as_of?: string;
                /**
                 * @description Dimensions to group by, separated by commas.
                 * @example campaign
                 */
                readonly by?: string;
                /**
                 * @description `dimension:value1,value2`; repeated filters must all hold. Encode commas, colons and percent signs of a value once more.
                 * @example [
                 *       "campaign:spring,summer"
                 *     ]
                 */
                readonly filter?: readonly string[];
                /**
                 * @description What to compare with.
                 * @example previous
                 */
                readonly compare?: "previous" | "week" | "year";
                /**
                 * @description Largest first by this; default value, of ratios and derived indicators volume.
                 * @example volume
                 */
                readonly order?: "value" | "change" | "volume";
                /**
                 * @description Most groups.
                 * @example 100
                 */
                readonly limit?: number;
                /**
                 * @description How to answer, whatever `Accept` says. `excel` is CSV that Excel takes for UTF-8.
                 * @example csv
                 */
                readonly format?: "json" | "csv" | "excel";
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of an indicator or measure.
                 * @example ctr
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly indicator: string;
                        /** Format: date-time */
                        readonly from: string;
                        /** Format: date-time */
                        readonly to: string;
                        readonly unit: string;
                        readonly value: number | null;
                        /** @enum {string} */
                        readonly reason?: "no_data" | "zero_denominator" | "after_newest_event" | "previous_not_positive" | "reference_missing" | "too_few" | "not_recorded" | "too_costly";
                        /** @description The measures that the value was made of. The parts of a mean are sum and count. */
                        readonly parts: {
                            readonly [key: string]: (number | null) | {
                                readonly sum: number | null;
                                readonly count: number;
                            };
                        };
                        /** @description How many events or distinct things the value rests on; of a ratio, its denominator’s. */
                        readonly n: number;
                        /** @description Of 95 %: where the value would lie but for chance. */
                        readonly interval: readonly number[] | null;
                        /**
                         * @description Why there is no interval, where the indicator has a method for one.
                         * @enum {string}
                         */
                        readonly interval_reason?: "too_few" | "not_a_share" | "raw_events_gone" | "too_costly" | "as_of_the_past";
                        readonly target: number | null;
                        readonly attainment: number | null;
                        /** @enum {string} */
                        readonly status: "on_track" | "at_risk" | "off_track" | "no_data" | "no_target" | "provisional";
                        readonly trend: {
                            readonly slope: number;
                            /** @enum {string} */
                            readonly direction: "up" | "down" | "flat";
                            readonly good: boolean | null;
                        } | null;
                        readonly complete: boolean;
                        /** @description What happens after the window can still change the value. */
                        readonly provisional: boolean;
                        /** Format: date-time */
                        readonly provisional_until: string | null;
                        /** Format: date-time */
                        readonly watermark: string | null;
                        /** Format: date-time */
                        readonly newest_event: string | null;
                        readonly revised: boolean;
                        /**
                         * Format: date-time
                         * @description When the value was recorded; without, it was computed for this answer.
                         */
                        readonly recorded_at?: string;
                        readonly previous?: {
                            /** Format: date-time */
                            readonly from: string;
                            /** Format: date-time */
                            readonly to: string;
                            readonly value: number | null;
                            readonly change: number | null;
                        };
                        readonly groups?: readonly {
                            readonly by: {
                                readonly [key: string]: string;
                            };
                            readonly value: number | null;
                            /** @enum {string} */
                            readonly reason?: "no_data" | "zero_denominator" | "after_newest_event" | "previous_not_positive" | "reference_missing" | "too_few" | "not_recorded" | "too_costly";
                            /** @description The measures that the value was made of. The parts of a mean are sum and count. */
                            readonly parts: {
                                readonly [key: string]: (number | null) | {
                                    readonly sum: number | null;
                                    readonly count: number;
                                };
                            };
                            readonly n: number;
                            /** @description Of 95 %: where the value would lie but for chance. */
                            readonly interval: readonly number[] | null;
                            /**
                             * @description Why there is no interval, where the indicator has a method for one.
                             * @enum {string}
                             */
                            readonly interval_reason?: "too_few" | "not_a_share" | "raw_events_gone" | "too_costly" | "as_of_the_past";
                            readonly target: number | null;
                            readonly attainment: number | null;
                            /** @enum {string} */
                            readonly status: "on_track" | "at_risk" | "off_track" | "no_data" | "no_target" | "provisional";
                            readonly previous?: {
                                readonly value: number | null;
                                readonly change: number | null;
                            };
                        }[];
                        /**
                         * Format: date-time
                         * @description When the groups were recorded; without, they were computed.
                         */
                        readonly groups_recorded_at?: string;
                        readonly truncated?: boolean;
                    };
                    readonly "text/csv": string;
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly series: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Length such as 15m, 1h, 7d; ends at the last complete slice, or at `to`.
                 * @example 7d
                 */
                readonly window?: string;
                /**
                 * @description The calendar period that holds `to`, up to `to`.
                 * @example month
                 */
                readonly period?: "day" | "week" | "month" | "quarter" | "year";
                /**
                 * @description RFC 3339 time, inclusive.
                 * @example 2026-03-01T00:00:00Z
                 */
                readonly from?: string;
                /**
                 * @description RFC 3339 time, exclusive.
                 * @example 2026-03-08T00:00:00Z
                 */
                readonly to?: string;
                /**
                 * @description RFC 3339 time, not before `to`: the answer as it would have been then, with follow-ups seen up to it.
                 * @example 2026-03-09T00:00:00Z
                 */
                readonly as_of?: string;
                /**
                 * @description Dimensions to group by, separated by commas.
                 * @example campaign
                 */
                readonly by?: string;
                /**
                 * @description `dimension:value1,value2`; repeated filters must all hold. Encode commas, colons and percent signs of a value once more.
                 * @example [
                 *       "campaign:spring,summer"
                 *     ]
                 */
                readonly filter?: readonly string[];
                /**
                 * @description Length such as 10s, 15m, 1h, or day, week, month, quarter, year; default about 30 points.
                 * @example 1h
                 */
                readonly step?: string;
                /**
                 * @description How to answer, whatever `Accept` says. `excel` is CSV that Excel takes for UTF-8.
                 * @example csv
                 */
                readonly format?: "json" | "csv" | "excel";
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of an indicator or measure.
                 * @example ctr
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly indicator: string;
                        /** Format: date-time */
                        readonly from: string;
                        /** Format: date-time */
                        readonly to: string;
                        readonly step: string;
                        readonly unit: string;
                        /** @description What ends with each step and has the point’s value: a window such as 30d, `month to date`, `ever`; null: the step itself. */
                        readonly rolling: string | null;
                        /** Format: date-time */
                        readonly watermark: string | null;
                        readonly series: readonly {
                            readonly by: {
                                readonly [key: string]: string;
                            };
                            readonly points: readonly {
                                /** Format: date-time */
                                readonly t: string;
                                readonly value: number | null;
                                readonly n: number;
                                /** @description Of 95 %, where it needs nothing but counts. */
                                readonly interval: readonly number[] | null;
                                readonly target: number | null;
                                readonly complete: boolean;
                                readonly provisional: boolean;
                                readonly revised: boolean;
                            }[];
                        }[];
                        readonly truncated?: boolean;
                    };
                    readonly "text/csv": string;
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly board: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Length for all indicators; default each one’s own.
                 * @example 7d
                 */
                readonly window?: string;
                /**
                 * @description Only this level.
                 * @example company
                 */
                readonly level?: "company" | "department" | "team" | "project" | "individual";
                /**
                 * @description Only this owner.
                 * @example growth
                 */
                readonly owner?: string;
                /**
                 * @description How to answer, whatever `Accept` says. `excel` is CSV that Excel takes for UTF-8.
                 * @example csv
                 */
                readonly format?: "json" | "csv" | "excel";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** Format: date-time */
                        readonly at: string;
                        readonly window: string | null;
                        readonly timezone: string;
                        readonly currency: string;
                        /** Format: date-time */
                        readonly watermark: string | null;
                        /** Format: date-time */
                        readonly newest_event: string | null;
                        readonly north_star: readonly string[];
                        readonly indicators: readonly {
                            readonly id: string;
                            readonly label: {
                                readonly en: string;
                                readonly zh: string;
                            };
                            readonly unit: string;
                            /** @enum {string} */
                            readonly better: "higher" | "lower";
                            readonly level: string | null;
                            readonly owner: string | null;
                            readonly window: string;
                            readonly value: number | null;
                            /** @enum {string} */
                            readonly reason?: "no_data" | "zero_denominator" | "after_newest_event" | "previous_not_positive" | "reference_missing" | "too_few" | "not_recorded" | "too_costly";
                            readonly target: number | null;
                            readonly attainment: number | null;
                            /** @enum {string} */
                            readonly status: "on_track" | "at_risk" | "off_track" | "no_data" | "no_target" | "provisional";
                            readonly trend: {
                                readonly slope: number;
                                /** @enum {string} */
                                readonly direction: "up" | "down" | "flat";
                                readonly good: boolean | null;
                            } | null;
                            readonly complete: boolean;
                            readonly provisional: boolean;
                            readonly revised: boolean;
                            /** Format: date-time */
                            readonly recorded_at?: string;
                            readonly spark: readonly (number | null)[];
                            readonly spark_target: number | null;
                        }[];
                    };
                    readonly "text/csv": string;
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly stream: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Length for all indicators; default each one’s own.
                 * @example 7d
                 */
                readonly window?: string;
                /**
                 * @description Only this level.
                 * @example company
                 */
                readonly level?: "company" | "department" | "team" | "project" | "individual";
                /**
                 * @description Only this owner.
                 * @example growth
                 */
                readonly owner?: string;
            };
            readonly header?: {
                /**
                 * @description Id of the last event that the client has.
                 * @example 1-42
                 */
                readonly "last-event-id"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Events `board`, `freshness`, `alert`, `start_over`, `problem`, `end` */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": string;
                };
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly attainment: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Calendar period; default that of the targets, else month.
                 * @example month
                 */
                readonly per?: "day" | "week" | "month" | "quarter" | "year";
                /**
                 * @description How many complete ones.
                 * @example 12
                 */
                readonly periods?: number;
                /**
                 * @description `dimension:value1,value2`; judged by the target of just that segment.
                 * @example [
                 *       "campaign:spring,summer"
                 *     ]
                 */
                readonly filter?: readonly string[];
                /**
                 * @description How to answer, whatever `Accept` says. `excel` is CSV that Excel takes for UTF-8.
                 * @example csv
                 */
                readonly format?: "json" | "csv" | "excel";
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of an indicator or measure.
                 * @example ctr
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly per: string;
                        readonly periods: number;
                        readonly attained: number;
                        readonly share: number | null;
                        readonly items: readonly {
                            /** Format: date-time */
                            readonly from: string;
                            /** Format: date-time */
                            readonly to: string;
                            readonly value: number | null;
                            readonly target: number | null;
                            readonly attained: boolean | null;
                        }[];
                    };
                    readonly "text/csv": string;
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly effect: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description One of the action’s indicators; default all.
                 * @example ctr
                 */
                readonly indicator?: string;
                /**
                 * @description A segment that the action did not touch, as dimension:value.
                 * @example region:south
                 */
                readonly control?: string;
                /**
                 * @description How to answer, whatever `Accept` says. `excel` is CSV that Excel takes for UTF-8.
                 * @example csv
                 */
                readonly format?: "json" | "csv" | "excel";
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of an action.
                 * @example 7b0c5f5e-6d1a-4f1b-9a55-2b1f6a0f5d11
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly action: string;
                        /** Format: date-time */
                        readonly at: string;
                        readonly effects: readonly {
                            readonly indicator: string;
                            readonly unit: string;
                            /** @enum {string} */
                            readonly method: "segmented_regression" | "segmented_regression_with_control" | "too_early";
                            readonly weeks_before: number;
                            readonly weeks_after: number;
                            /** @description Change of level at the action, in the indicator’s unit. */
                            readonly step: number | null;
                            /** @description Of 95 %: where the value would lie but for chance. */
                            readonly interval: readonly number[] | null;
                            readonly p: number | null;
                            /** @description In the indicator’s direction; null where chance is not refused. */
                            readonly good: boolean | null;
                            readonly weeks: readonly {
                                /** Format: date-time */
                                readonly from: string;
                                readonly value: number | null;
                                readonly control?: number | null;
                            }[];
                        }[];
                        readonly note: string;
                    };
                    readonly "text/csv": string;
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly drivers: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Length such as 15m, 1h, 7d; ends at the last complete slice, or at `to`.
                 * @example 7d
                 */
                readonly window?: string;
                /**
                 * @description The calendar period that holds `to`, up to `to`.
                 * @example month
                 */
                readonly period?: "day" | "week" | "month" | "quarter" | "year";
                /**
                 * @description RFC 3339 time, inclusive.
                 * @example 2026-03-01T00:00:00Z
                 */
                readonly from?: string;
                /**
                 * @description RFC 3339 time, exclusive.
                 * @example 2026-03-08T00:00:00Z
                 */
                readonly to?: string;
                /**
                 * @description Dimensions to split by, as campaign,region; default the first five.
                 * @example campaign
                 */
                readonly by?: string;
                /**
                 * @description `dimension:value1,value2`; repeated filters must all hold.
                 * @example [
                 *       "campaign:spring,summer"
                 *     ]
                 */
                readonly filter?: readonly string[];
                /**
                 * @description How to answer, whatever `Accept` says. `excel` is CSV that Excel takes for UTF-8.
                 * @example csv
                 */
                readonly format?: "json" | "csv" | "excel";
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of an indicator or measure.
                 * @example ctr
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly indicator: string;
                        /** Format: date-time */
                        readonly from: string;
                        /** Format: date-time */
                        readonly to: string;
                        readonly value: number | null;
                        readonly previous: {
                            /** Format: date-time */
                            readonly from: string;
                            /** Format: date-time */
                            readonly to: string;
                            readonly value: number | null;
                        };
                        readonly change: number | null;
                        readonly segments: readonly {
                            readonly dimension: string;
                            /** @enum {string} */
                            readonly method: "mix_and_rate" | "contribution" | "values";
                            readonly truncated: boolean;
                            readonly items: readonly {
                                readonly value: string;
                                readonly now: number | null;
                                readonly before: number | null;
                                readonly mix: number | null;
                                readonly rate: number | null;
                                readonly total: number | null;
                            }[];
                        }[];
                        readonly children: readonly {
                            readonly id: string;
                            readonly value: number | null;
                            readonly previous: number | null;
                            readonly target: number | null;
                            readonly attainment: number | null;
                            /** @enum {string} */
                            readonly status: "on_track" | "at_risk" | "off_track" | "no_data" | "no_target" | "provisional";
                        }[];
                        readonly drag: {
                            readonly id: string;
                            readonly by: number;
                        } | null;
                    };
                    readonly "text/csv": string;
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly correlations: {
        readonly parameters: {
            readonly query: {
                /**
                 * @description Id of an indicator.
                 * @example ctr
                 */
                readonly x: string;
                /**
                 * @description Id of another one.
                 * @example clicks
                 */
                readonly y: string;
                /**
                 * @description Length such as 15m, 1h, 7d; ends at the last complete slice, or at `to`.
                 * @example 7d
                 */
                readonly window?: string;
                /**
                 * @description The calendar period that holds `to`, up to `to`.
                 * @example month
                 */
                readonly period?: "day" | "week" | "month" | "quarter" | "year";
                /**
                 * @description RFC 3339 time, inclusive.
                 * @example 2026-03-01T00:00:00Z
                 */
                readonly from?: string;
                /**
                 * @description RFC 3339 time, exclusive.
                 * @example 2026-03-08T00:00:00Z
                 */
                readonly to?: string;
                /**
                 * @description Most days either way.
                 * @example 14
                 */
                readonly lags?: number;
                /**
                 * @description A dimension that both share: across its segments instead of days.
                 * @example campaign
                 */
                readonly by?: string;
                /**
                 * @description How to answer, whatever `Accept` says. `excel` is CSV that Excel takes for UTF-8.
                 * @example csv
                 */
                readonly format?: "json" | "csv" | "excel";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly x: string;
                        readonly y: string;
                        /** Format: date-time */
                        readonly from: string;
                        /** Format: date-time */
                        readonly to: string;
                        /** @enum {string} */
                        readonly method: "pearson_days" | "spearman_segments";
                        readonly n: number;
                        readonly reason?: string;
                        readonly best?: {
                            readonly lag: number;
                            readonly effective: number;
                            readonly r: number;
                            readonly n: number;
                            /** @description Of 95 %: where the value would lie but for chance. */
                            readonly interval: readonly number[] | null;
                            readonly p: number;
                        } | null;
                        readonly lags?: readonly {
                            readonly lag: number;
                            readonly effective: number;
                            readonly r: number;
                            readonly n: number;
                            /** @description Of 95 %: where the value would lie but for chance. */
                            readonly interval: readonly number[] | null;
                            readonly p: number;
                        }[];
                        readonly segments?: {
                            readonly r: number;
                            readonly n: number;
                            /** @description Of 95 %: where the value would lie but for chance. */
                            readonly interval: readonly number[] | null;
                            readonly p: number;
                        } | null;
                        readonly note: string;
                    };
                    readonly "text/csv": string;
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly targets: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Most items of a page.
                 * @example 100
                 */
                readonly limit?: number;
                /**
                 * @description `next` of the page before; without, the first page.
                 * @example Y3Ry
                 */
                readonly cursor?: string;
                /**
                 * @description How to answer, whatever `Accept` says. `excel` is CSV that Excel takes for UTF-8.
                 * @example csv
                 */
                readonly format?: "json" | "csv" | "excel";
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of an indicator or measure.
                 * @example ctr
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly {
                            readonly value: number;
                            readonly by: {
                                readonly [key: string]: string;
                            };
                            readonly per: string | null;
                            readonly window: string | null;
                            /** Format: date-time */
                            readonly from: string;
                            /** Format: date-time */
                            readonly until: string | null;
                            readonly reason: string;
                            readonly set_by: string;
                            /** Format: date-time */
                            readonly set_at: string;
                            /**
                             * @description Written in the catalog, or set while Kivi ran: those of the latest setting give way to the next.
                             * @enum {string}
                             */
                            readonly origin: "catalog" | "set";
                        }[];
                        readonly next: string | null;
                    };
                    readonly "text/csv": string;
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly setTargets: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of an indicator or measure.
                 * @example ctr
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly items: readonly {
                        readonly value: number;
                        readonly by?: {
                            readonly [key: string]: string;
                        };
                        /** @enum {string} */
                        readonly per?: "day" | "week" | "month" | "quarter" | "year";
                        readonly window?: string;
                        readonly from?: string;
                        readonly until?: string;
                        readonly reason?: string;
                    }[];
                    readonly reason: string;
                    readonly set_by?: string;
                };
            };
        };
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly {
                            readonly value: number;
                            readonly by: {
                                readonly [key: string]: string;
                            };
                            readonly per: string | null;
                            readonly window: string | null;
                            /** Format: date-time */
                            readonly from: string;
                            /** Format: date-time */
                            readonly until: string | null;
                            readonly reason: string;
                            readonly set_by: string;
                            /** Format: date-time */
                            readonly set_at: string;
                            /**
                             * @description Written in the catalog, or set while Kivi ran: those of the latest setting give way to the next.
                             * @enum {string}
                             */
                            readonly origin: "catalog" | "set";
                        }[];
                        readonly next: string | null;
                    };
                };
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly northStar: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Most items of a page.
                 * @example 100
                 */
                readonly limit?: number;
                /**
                 * @description `next` of the page before; without, the first page.
                 * @example Y3Ry
                 */
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly indicators: readonly string[];
                        /** @description The latest first. */
                        readonly history: readonly {
                            readonly indicators: readonly string[];
                            /** Format: date-time */
                            readonly from: string;
                            readonly reason: string;
                            readonly set_by: string;
                        }[];
                        readonly next: string | null;
                    };
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly setNorthStar: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly indicators: readonly string[];
                    readonly from?: string;
                    readonly reason: string;
                    readonly set_by?: string;
                };
            };
        };
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly indicators: readonly string[];
                        /** @description The latest first. */
                        readonly history: readonly {
                            readonly indicators: readonly string[];
                            /** Format: date-time */
                            readonly from: string;
                            readonly reason: string;
                            readonly set_by: string;
                        }[];
                        readonly next: string | null;
                    };
                };
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly actions: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Only actions meant to move this one.
                 * @example ctr
                 */
                readonly indicator?: string;
                /**
                 * @description Most items of a page.
                 * @example 100
                 */
                readonly limit?: number;
                /**
                 * @description `next` of the page before; without, the first page.
                 * @example Y3Ry
                 */
                readonly cursor?: string;
                /**
                 * @description How to answer, whatever `Accept` says. `excel` is CSV that Excel takes for UTF-8.
                 * @example csv
                 */
                readonly format?: "json" | "csv" | "excel";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly {
                            readonly id: string;
                            readonly label: string;
                            readonly description: string;
                            readonly indicators: readonly string[];
                            readonly by: {
                                readonly [key: string]: string;
                            };
                            /** @enum {string} */
                            readonly status: "planned" | "done" | "cancelled";
                            /** Format: date-time */
                            readonly at: string;
                            /** Format: date-time */
                            readonly until: string | null;
                            readonly owner: string;
                            readonly set_by: string;
                            /** Format: date-time */
                            readonly set_at: string;
                        }[];
                        readonly next: string | null;
                    };
                    readonly "text/csv": string;
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly putAction: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly id?: string;
                    readonly label: string;
                    readonly description?: string;
                    readonly indicators: readonly string[];
                    readonly by?: {
                        readonly [key: string]: string;
                    };
                    /** @enum {string} */
                    readonly status?: "planned" | "done" | "cancelled";
                    readonly at: string;
                    readonly until?: string;
                    readonly owner?: string;
                    readonly set_by?: string;
                };
            };
        };
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly label: string;
                        readonly description: string;
                        readonly indicators: readonly string[];
                        readonly by: {
                            readonly [key: string]: string;
                        };
                        /** @enum {string} */
                        readonly status: "planned" | "done" | "cancelled";
                        /** Format: date-time */
                        readonly at: string;
                        /** Format: date-time */
                        readonly until: string | null;
                        readonly owner: string;
                        readonly set_by: string;
                        /** Format: date-time */
                        readonly set_at: string;
                    };
                };
            };
            /** @description It was made */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly label: string;
                        readonly description: string;
                        readonly indicators: readonly string[];
                        readonly by: {
                            readonly [key: string]: string;
                        };
                        /** @enum {string} */
                        readonly status: "planned" | "done" | "cancelled";
                        /** Format: date-time */
                        readonly at: string;
                        /** Format: date-time */
                        readonly until: string | null;
                        readonly owner: string;
                        readonly set_by: string;
                        /** Format: date-time */
                        readonly set_at: string;
                    };
                };
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly action: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of an action.
                 * @example 7b0c5f5e-6d1a-4f1b-9a55-2b1f6a0f5d11
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly label: string;
                        readonly description: string;
                        readonly indicators: readonly string[];
                        readonly by: {
                            readonly [key: string]: string;
                        };
                        /** @enum {string} */
                        readonly status: "planned" | "done" | "cancelled";
                        /** Format: date-time */
                        readonly at: string;
                        /** Format: date-time */
                        readonly until: string | null;
                        readonly owner: string;
                        readonly set_by: string;
                        /** Format: date-time */
                        readonly set_at: string;
                    };
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly references: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Most items of a page.
                 * @example 100
                 */
                readonly limit?: number;
                /**
                 * @description `next` of the page before; without, the first page.
                 * @example Y3Ry
                 */
                readonly cursor?: string;
                /**
                 * @description How to answer, whatever `Accept` says. `excel` is CSV that Excel takes for UTF-8.
                 * @example csv
                 */
                readonly format?: "json" | "csv" | "excel";
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Name of a reference in the catalog.
                 * @example market_size
                 */
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly name: string;
                        readonly unit: string;
                        /** @enum {string} */
                        readonly kind: "level" | "flow";
                        readonly dimensions: readonly string[];
                        readonly items: readonly {
                            readonly value: number;
                            /** Format: date-time */
                            readonly from: string;
                            /** Format: date-time */
                            readonly until: string | null;
                            readonly by: {
                                readonly [key: string]: string;
                            };
                        }[];
                        readonly next: string | null;
                    };
                    readonly "text/csv": string;
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postReferences: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description Name of a reference in the catalog.
                 * @example market_size
                 */
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly items: readonly {
                        readonly value: number;
                        readonly from: string;
                        readonly until?: string;
                        readonly by?: {
                            readonly [key: string]: string;
                        };
                    }[];
                    readonly set_by?: string;
                };
                readonly "text/csv": string;
            };
        };
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly name: string;
                        readonly unit: string;
                        /** @enum {string} */
                        readonly kind: "level" | "flow";
                        readonly dimensions: readonly string[];
                        readonly items: readonly {
                            readonly value: number;
                            /** Format: date-time */
                            readonly from: string;
                            /** Format: date-time */
                            readonly until: string | null;
                            readonly by: {
                                readonly [key: string]: string;
                            };
                        }[];
                        readonly next: string | null;
                    };
                };
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly audit: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Only changes of this key, by its id or name.
                 * @example ann
                 */
                readonly actor?: string;
                /**
                 * @description Only changes of this indicator, action, reference, alert or key.
                 * @example ctr
                 */
                readonly subject?: string;
                /** @description Only changes of this kind. */
                readonly what?: "targets_set" | "north_star_set" | "action_recorded" | "action_changed" | "references_posted" | "silence_set" | "silence_ended" | "alert_acknowledged" | "key_created" | "key_revoked";
                /**
                 * @description Most items of a page.
                 * @example 100
                 */
                readonly limit?: number;
                /**
                 * @description `next` of the page before; without, the first page.
                 * @example Y3Ry
                 */
                readonly cursor?: string;
                /**
                 * @description How to answer, whatever `Accept` says. `excel` is CSV that Excel takes for UTF-8.
                 * @example csv
                 */
                readonly format?: "json" | "csv" | "excel";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly {
                            /** @description Of the request, which was answered with it as x-request-id, or of the command. */
                            readonly id: string;
                            /** Format: date-time */
                            readonly at: string;
                            readonly actor: {
                                /** @description Id of the key; null: none was needed, and the name is what was said. */
                                readonly key: string | null;
                                readonly name: string;
                            };
                            /** @enum {string} */
                            readonly what: "targets_set" | "north_star_set" | "action_recorded" | "action_changed" | "references_posted" | "silence_set" | "silence_ended" | "alert_acknowledged" | "key_created" | "key_revoked";
                            /** @description Indicator, action, reference, alert or key that it is about. */
                            readonly subject: string;
                            /** @description As the API tells it; null: there was nothing, or it would say nothing. */
                            readonly before: unknown;
                            /** @description As the API tells it; null: there was nothing, or it would say nothing. */
                            readonly after: unknown;
                            readonly reason: string;
                            /**
                             * @description `begun`: Kivi stopped in the middle, and what became of it is not known.
                             * @enum {string}
                             */
                            readonly outcome: "begun" | "done" | "failed";
                        }[];
                        readonly next: string | null;
                    };
                    readonly "text/csv": string;
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly alerts: {
        readonly parameters: {
            readonly query?: {
                /** @description Only those in this state. */
                readonly state?: "pending" | "firing" | "resolved";
                /** @description Only of this severity. */
                readonly severity?: "page" | "ticket" | "info";
                /**
                 * @description Only of this rule.
                 * @example on_or_after
                 */
                readonly rule?: string;
                /**
                 * @description Only with these labels: `label:value` or `label:value1,value2`; may be repeated.
                 * @example [
                 *       "campaign:spring,summer"
                 *     ]
                 */
                readonly filter?: readonly string[];
                /**
                 * @description Language of the annotations; default en.
                 * @example zh
                 */
                readonly lang?: "en" | "zh";
                /**
                 * @description Most items of a page.
                 * @example 100
                 */
                readonly limit?: number;
                /**
                 * @description `next` of the page before; without, the first page.
                 * @example Y3Ry
                 */
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly {
                            readonly id: string;
                            /** @description The rule. */
                            readonly alert: string;
                            readonly indicator: string | null;
                            /** @enum {string} */
                            readonly state: "pending" | "firing" | "resolved";
                            /** @enum {string} */
                            readonly severity: "page" | "ticket" | "info";
                            readonly labels: {
                                readonly [key: string]: string;
                            };
                            readonly annotations: {
                                readonly [key: string]: string;
                            };
                            /**
                             * Format: date-time
                             * @description Since when the condition holds, of a pending one; else when it fired.
                             */
                            readonly since: string;
                            /** Format: date-time */
                            readonly ended: string | null;
                            /**
                             * Format: date-time
                             * @description Of a pending one: when it fires if its condition goes on to hold.
                             */
                            readonly fires_at: string | null;
                            /** @description When the condition began to hold, of a pending one; else when it fired or ended. */
                            readonly value: number | null;
                            readonly target: number | null;
                            /** @description What the value was compared with; null: with nothing, or not alone. */
                            readonly threshold: number | null;
                            readonly unit: string | null;
                            /** @description Why nobody is told of it now. */
                            readonly muted: readonly {
                                /** @enum {string} */
                                readonly by: "silence" | "inhibition";
                                readonly id?: string;
                                /** Format: date-time */
                                readonly until?: string;
                                readonly alert?: string;
                            }[];
                            readonly acknowledged: {
                                readonly by: string;
                                /** Format: date-time */
                                readonly at: string;
                                readonly comment: string;
                            } | null;
                            readonly receivers: readonly {
                                readonly name: string;
                                readonly told: boolean;
                                /** Format: date-time */
                                readonly at: string | null;
                            }[];
                        }[];
                        readonly next: string | null;
                        readonly counts: {
                            readonly firing: number;
                            readonly pending: number;
                            readonly silenced: number;
                        };
                        /**
                         * Format: date-time
                         * @description The instant up to which all rules are evaluated.
                         */
                        readonly evaluated: string | null;
                        /** @description Who took the lead last, and when the log last heard of it. */
                        readonly leader: {
                            readonly name: string;
                            /** Format: date-time */
                            readonly since: string;
                            /** Format: date-time */
                            readonly heard: string;
                        } | null;
                        /**
                         * Format: date-time
                         * @description When all of this was read from the log, to ten seconds.
                         */
                        readonly as_of: string;
                        readonly rules: readonly {
                            readonly alert: string;
                            readonly indicator: string | null;
                            readonly kind: string;
                            /** @description What it waits for: an expression as the catalog has it, else in words. */
                            readonly condition: {
                                readonly en: string;
                                readonly zh: string;
                            };
                            readonly window: string | null;
                            readonly by: readonly string[];
                            readonly every: string;
                            readonly for: string;
                            readonly keep_firing_for: string;
                            /** @enum {string} */
                            readonly no_data: "keep" | "ok" | "alert";
                            readonly minimum_volume: number | null;
                            /** @enum {string} */
                            readonly severity: "page" | "ticket" | "info";
                            /** Format: date-time */
                            readonly evaluated: string | null;
                            readonly firing: number;
                            readonly pending: number;
                        }[];
                    };
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly alert: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Language of the annotations; default en.
                 * @example zh
                 */
                readonly lang?: "en" | "zh";
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the alert: 16 hex digits.
                 * @example 9f86d081884c7d65
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /** @description The rule. */
                        readonly alert: string;
                        readonly indicator: string | null;
                        /** @enum {string} */
                        readonly state: "pending" | "firing" | "resolved";
                        /** @enum {string} */
                        readonly severity: "page" | "ticket" | "info";
                        readonly labels: {
                            readonly [key: string]: string;
                        };
                        readonly annotations: {
                            readonly [key: string]: string;
                        };
                        /**
                         * Format: date-time
                         * @description Since when the condition holds, of a pending one; else when it fired.
                         */
                        readonly since: string;
                        /** Format: date-time */
                        readonly ended: string | null;
                        /**
                         * Format: date-time
                         * @description Of a pending one: when it fires if its condition goes on to hold.
                         */
                        readonly fires_at: string | null;
                        /** @description When the condition began to hold, of a pending one; else when it fired or ended. */
                        readonly value: number | null;
                        readonly target: number | null;
                        /** @description What the value was compared with; null: with nothing, or not alone. */
                        readonly threshold: number | null;
                        readonly unit: string | null;
                        /** @description Why nobody is told of it now. */
                        readonly muted: readonly {
                            /** @enum {string} */
                            readonly by: "silence" | "inhibition";
                            readonly id?: string;
                            /** Format: date-time */
                            readonly until?: string;
                            readonly alert?: string;
                        }[];
                        readonly acknowledged: {
                            readonly by: string;
                            /** Format: date-time */
                            readonly at: string;
                            readonly comment: string;
                        } | null;
                        readonly receivers: readonly {
                            readonly name: string;
                            readonly told: boolean;
                            /** Format: date-time */
                            readonly at: string | null;
                        }[];
                    };
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly alertHistory: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Only of the alert with this id.
                 * @example 9f86d081884c7d65
                 */
                readonly alert?: string;
                /**
                 * @description Only of this rule.
                 * @example on_or_after
                 */
                readonly rule?: string;
                /**
                 * @description Only with these labels: `label:value` or `label:value1,value2`; may be repeated.
                 * @example [
                 *       "campaign:spring,summer"
                 *     ]
                 */
                readonly filter?: readonly string[];
                /**
                 * @description Default seven days before `to`.
                 * @example 2026-03-01T00:00:00Z
                 */
                readonly from?: string;
                /**
                 * @description Default now.
                 * @example 2026-03-08T00:00:00Z
                 */
                readonly to?: string;
                /**
                 * @description Most items of a page.
                 * @example 100
                 */
                readonly limit?: number;
                /**
                 * @description `next` of the page before; without, the first page.
                 * @example Y3Ry
                 */
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly {
                            /** Format: date-time */
                            readonly at: string;
                            readonly event: string;
                            readonly id: string | null;
                            readonly alert: string | null;
                            readonly labels: {
                                readonly [key: string]: string;
                            };
                            /** Format: date-time */
                            readonly instant: string | null;
                            readonly value: number | null;
                            readonly target: number | null;
                            readonly reason: string | null;
                            readonly receiver: string | null;
                            readonly answer: string | null;
                        }[];
                        readonly next: string | null;
                    };
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly acknowledgeAlert: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Language of the annotations; default en.
                 * @example zh
                 */
                readonly lang?: "en" | "zh";
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the alert: 16 hex digits.
                 * @example 9f86d081884c7d65
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly comment?: string;
                    readonly set_by?: string;
                };
            };
        };
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /** @description The rule. */
                        readonly alert: string;
                        readonly indicator: string | null;
                        /** @enum {string} */
                        readonly state: "pending" | "firing" | "resolved";
                        /** @enum {string} */
                        readonly severity: "page" | "ticket" | "info";
                        readonly labels: {
                            readonly [key: string]: string;
                        };
                        readonly annotations: {
                            readonly [key: string]: string;
                        };
                        /**
                         * Format: date-time
                         * @description Since when the condition holds, of a pending one; else when it fired.
                         */
                        readonly since: string;
                        /** Format: date-time */
                        readonly ended: string | null;
                        /**
                         * Format: date-time
                         * @description Of a pending one: when it fires if its condition goes on to hold.
                         */
                        readonly fires_at: string | null;
                        /** @description When the condition began to hold, of a pending one; else when it fired or ended. */
                        readonly value: number | null;
                        readonly target: number | null;
                        /** @description What the value was compared with; null: with nothing, or not alone. */
                        readonly threshold: number | null;
                        readonly unit: string | null;
                        /** @description Why nobody is told of it now. */
                        readonly muted: readonly {
                            /** @enum {string} */
                            readonly by: "silence" | "inhibition";
                            readonly id?: string;
                            /** Format: date-time */
                            readonly until?: string;
                            readonly alert?: string;
                        }[];
                        readonly acknowledged: {
                            readonly by: string;
                            /** Format: date-time */
                            readonly at: string;
                            readonly comment: string;
                        } | null;
                        readonly receivers: readonly {
                            readonly name: string;
                            readonly told: boolean;
                            /** Format: date-time */
                            readonly at: string | null;
                        }[];
                    };
                };
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly silences: {
        readonly parameters: {
            readonly query?: {
                /** @description Only those in this state. */
                readonly state?: "planned" | "active" | "ended";
                /**
                 * @description Most items of a page.
                 * @example 100
                 */
                readonly limit?: number;
                /**
                 * @description `next` of the page before; without, the first page.
                 * @example Y3Ry
                 */
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly {
                            readonly id: string;
                            readonly matchers: readonly string[];
                            /** Format: date-time */
                            readonly from: string;
                            /** Format: date-time */
                            readonly until: string;
                            readonly author: string;
                            readonly reason: string;
                            /** @enum {string} */
                            readonly state: "planned" | "active" | "ended";
                            /** Format: date-time */
                            readonly set_at: string;
                            /** @description How many alerts that fire now it mutes. */
                            readonly mutes: number;
                        }[];
                        readonly next: string | null;
                    };
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly putSilence: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @description Of a silence to change; without: a new one. */
                    readonly id?: string;
                    readonly matchers: readonly string[];
                    readonly from?: string;
                    readonly until?: string;
                    readonly duration?: string;
                    readonly reason: string;
                    readonly set_by?: string;
                };
            };
        };
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly matchers: readonly string[];
                        /** Format: date-time */
                        readonly from: string;
                        /** Format: date-time */
                        readonly until: string;
                        readonly author: string;
                        readonly reason: string;
                        /** @enum {string} */
                        readonly state: "planned" | "active" | "ended";
                        /** Format: date-time */
                        readonly set_at: string;
                        /** @description How many alerts that fire now it mutes. */
                        readonly mutes: number;
                    };
                };
            };
            /** @description It was made */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly matchers: readonly string[];
                        /** Format: date-time */
                        readonly from: string;
                        /** Format: date-time */
                        readonly until: string;
                        readonly author: string;
                        readonly reason: string;
                        /** @enum {string} */
                        readonly state: "planned" | "active" | "ended";
                        /** Format: date-time */
                        readonly set_at: string;
                        /** @description How many alerts that fire now it mutes. */
                        readonly mutes: number;
                    };
                };
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly silence: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the silence.
                 * @example 7b0c5f5e-6d1a-4f1b-9a55-2b1f6a0f5d11
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly matchers: readonly string[];
                        /** Format: date-time */
                        readonly from: string;
                        /** Format: date-time */
                        readonly until: string;
                        readonly author: string;
                        readonly reason: string;
                        /** @enum {string} */
                        readonly state: "planned" | "active" | "ended";
                        /** Format: date-time */
                        readonly set_at: string;
                        /** @description How many alerts that fire now it mutes. */
                        readonly mutes: number;
                    };
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly endSilence: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of the silence.
                 * @example 7b0c5f5e-6d1a-4f1b-9a55-2b1f6a0f5d11
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly matchers: readonly string[];
                        /** Format: date-time */
                        readonly from: string;
                        /** Format: date-time */
                        readonly until: string;
                        readonly author: string;
                        readonly reason: string;
                        /** @enum {string} */
                        readonly state: "planned" | "active" | "ended";
                        /** Format: date-time */
                        readonly set_at: string;
                        /** @description How many alerts that fire now it mutes. */
                        readonly mutes: number;
                    };
                };
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly digests: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Most items of a page.
                 * @example 100
                 */
                readonly limit?: number;
                /**
                 * @description `next` of the page before; without, the first page.
                 * @example Y3Ry
                 */
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly {
                            readonly digest: string;
                            readonly title: {
                                readonly en: string;
                                readonly zh: string;
                            };
                            readonly description: {
                                readonly en: string;
                                readonly zh: string;
                            };
                            readonly owner: string | null;
                            /** @enum {string} */
                            readonly every: "day" | "week" | "month";
                            /** @description Local time at which it is due. */
                            readonly at: string;
                            /** @enum {string|null} */
                            readonly weekday: "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun" | null;
                            readonly day: number | null;
                            /**
                             * @description Null: each receiver’s own.
                             * @enum {string|null}
                             */
                            readonly language: "en" | "zh" | null;
                            /** @description As they are selected now. */
                            readonly indicators: readonly string[];
                            /** @description The last period whose report was due. */
                            readonly latest: {
                                /** @description Its first local date, by which it is asked for. */
                                readonly name: string;
                                /** @description Its last local date. */
                                readonly last: string;
                                /** Format: date-time */
                                readonly from: string;
                                /** Format: date-time */
                                readonly to: string;
                                /**
                                 * Format: date-time
                                 * @description When its report is due.
                                 */
                                readonly due: string;
                                /** @description It is not over: values are those so far. */
                                readonly running: boolean;
                            };
                            /** @description The one that is due next. */
                            readonly next: {
                                /** @description Its first local date, by which it is asked for. */
                                readonly name: string;
                                /** @description Its last local date. */
                                readonly last: string;
                                /** Format: date-time */
                                readonly from: string;
                                /** Format: date-time */
                                readonly to: string;
                                /**
                                 * Format: date-time
                                 * @description When its report is due.
                                 */
                                readonly due: string;
                                /** @description It is not over: values are those so far. */
                                readonly running: boolean;
                            };
                            /** @description To whom it is sent, and what became of the last reports. A key that sees a part is not told. */
                            readonly receivers: readonly {
                                readonly name: string;
                                /** @description The report of `latest` is with it. */
                                readonly sent: boolean;
                                readonly history: readonly {
                                    readonly period: string;
                                    /**
                                     * @description skipped: nobody could send it before the next one was due; given_up: the receiver took nothing until then.
                                     * @enum {string}
                                     */
                                    readonly outcome: "waiting" | "sent" | "skipped" | "given_up";
                                    /** Format: date-time */
                                    readonly at: string;
                                    /** Format: date-time */
                                    readonly answered: string | null;
                                    readonly answer: string;
                                    readonly attempts: number;
                                    readonly complete: boolean;
                                }[];
                            }[];
                        }[];
                        readonly next: string | null;
                    };
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly digest: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description A date in it, such as 2026-11-16; latest: the last one that is over.
                 * @example latest
                 */
                readonly period?: string;
                /**
                 * @description Of Markdown and HTML; default the digest’s own, else en. JSON has both.
                 * @example zh
                 */
                readonly lang?: "en" | "zh";
                /**
                 * @description How to answer, whatever `Accept` says.
                 * @example markdown
                 */
                readonly format?: "json" | "markdown" | "html";
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Id of a digest.
                 * @example weekly_review
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly digest: string;
                        readonly title: {
                            readonly en: string;
                            readonly zh: string;
                        };
                        readonly description: {
                            readonly en: string;
                            readonly zh: string;
                        };
                        readonly owner: string | null;
                        /** @enum {string} */
                        readonly every: "day" | "week" | "month";
                        readonly timezone: string;
                        readonly currency: string;
                        readonly period: {
                            /** @description Its first local date, by which it is asked for. */
                            readonly name: string;
                            /** @description Its last local date. */
                            readonly last: string;
                            /** Format: date-time */
                            readonly from: string;
                            /** Format: date-time */
                            readonly to: string;
                            /**
                             * Format: date-time
                             * @description When its report is due.
                             */
                            readonly due: string;
                            /** @description It is not over: values are those so far. */
                            readonly running: boolean;
                        };
                        /** @description The period before, to ask for. */
                        readonly before: string;
                        /** @description The period after; null where it is yet to begin. */
                        readonly after: string | null;
                        /** @description All events of the period have been counted, for every indicator. */
                        readonly complete: boolean;
                        /**
                         * Format: date-time
                         * @description Up to when the data are known, the least of all indicators.
                         */
                        readonly watermark: string | null;
                        readonly statuses: {
                            readonly on_track: number;
                            readonly at_risk: number;
                            readonly off_track: number;
                            readonly no_data: number;
                            readonly no_target: number;
                            readonly provisional: number;
                        };
                        /** @description The indicator that is furthest beyond its target. */
                        readonly best: string | null;
                        /** @description The one that is furthest from reaching it. */
                        readonly worst: string | null;
                        readonly indicators: readonly {
                            readonly id: string;
                            readonly label: {
                                readonly en: string;
                                readonly zh: string;
                            };
                            readonly unit: string;
                            /** @enum {string} */
                            readonly better: "higher" | "lower";
                            readonly level: string | null;
                            readonly owner: string | null;
                            readonly north_star: boolean;
                            readonly value: number | null;
                            readonly reason: string | null;
                            readonly n: number;
                            /** @description Of 95 %: where the value would lie but for chance. */
                            readonly interval: readonly number[] | null;
                            /** @description In force at the end of the period. */
                            readonly target: number | null;
                            readonly attainment: number | null;
                            /** @enum {string} */
                            readonly status: "on_track" | "at_risk" | "off_track" | "no_data" | "no_target" | "provisional";
                            /** @description The period before. */
                            readonly previous: {
                                readonly value: number | null;
                                readonly change: number | null;
                                readonly good: boolean | null;
                            } | null;
                            /** @description Over the whole weeks up to the end of the period. */
                            readonly trend: {
                                readonly slope: number;
                                /** @enum {string} */
                                readonly direction: "up" | "down" | "flat";
                                readonly good: boolean | null;
                            } | null;
                            readonly complete: boolean;
                            readonly provisional: boolean;
                            /** Format: date-time */
                            readonly provisional_until: string | null;
                            readonly revised: boolean;
                            /** @description The last periods up to this one; empty where they would take too long to compute. */
                            readonly series: readonly {
                                readonly period: string;
                                readonly value: number | null;
                            }[];
                            readonly groups: {
                                readonly by: string;
                                /** @description Those that moved the indicator most, the strongest first. */
                                readonly items: readonly {
                                    readonly group: string;
                                    readonly value: number | null;
                                    readonly previous: number | null;
                                    readonly change: number | null;
                                    /** @description How much of the change it makes; null where groups do not add up. */
                                    readonly contribution: number | null;
                                }[];
                                readonly more: number;
                            } | null;
                        }[];
                        /** @description What was done within the period to move one of the indicators. */
                        readonly actions: readonly {
                            readonly id: string;
                            readonly label: string;
                            readonly description: string;
                            readonly owner: string;
                            /** Format: date-time */
                            readonly at: string;
                            /** Format: date-time */
                            readonly until: string | null;
                            readonly by: {
                                readonly [key: string]: string;
                            };
                            readonly effects: readonly {
                                readonly indicator: string;
                                readonly unit: string;
                                readonly weeks_after: number;
                                readonly step: number | null;
                                /** @description Of 95 %: where the value would lie but for chance. */
                                readonly interval: readonly number[] | null;
                                readonly good: boolean | null;
                            }[];
                        }[];
                        /** @description Alerts about the indicators that fired or ended within the period. */
                        readonly alerts: {
                            readonly fired: number;
                            readonly resolved: number;
                            /** @description How many of those that fired within the period fired on at its end. */
                            readonly firing: number;
                            readonly items: readonly {
                                readonly id: string;
                                readonly alert: string;
                                readonly indicator: string;
                                readonly labels: {
                                    readonly [key: string]: string;
                                };
                                /** Format: date-time */
                                readonly fired: string;
                                /** Format: date-time */
                                readonly resolved: string | null;
                                readonly value: number | null;
                                readonly target: number | null;
                            }[];
                            readonly more: number;
                        };
                    };
                    readonly "text/markdown": string;
                    readonly "text/html": string;
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly system: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** Format: date-time */
                        readonly at: string;
                        /** Format: date-time */
                        readonly watermark: string | null;
                        /** @description Clock less watermark. */
                        readonly lag_seconds: number | null;
                        readonly partitions: readonly {
                            readonly topic: string;
                            readonly partition: number;
                            /** Format: date-time */
                            readonly watermark: string | null;
                            /** Format: date-time */
                            readonly newest_event: string | null;
                            /** @description Next record to read. */
                            readonly position: number;
                            /** @description Position after the log’s last record. */
                            readonly end: number;
                            /**
                             * @description The log itself; or what the worker saw at `seen_at`, which is old where it stands still.
                             * @enum {string}
                             */
                            readonly end_from: "log" | "worker";
                            /** @description Records that are in the log and not yet read. */
                            readonly lag: number;
                            /**
                             * Format: date-time
                             * @description Read to its end and silent since.
                             */
                            readonly idle_since: string | null;
                            /**
                             * Format: date-time
                             * @description When the worker last told.
                             */
                            readonly seen_at: string;
                            readonly worker: string;
                            /** @description Everything before it is counted, and proven. */
                            readonly ledger_position: number | null;
                            /** Format: date-time */
                            readonly ledger_written_at: string | null;
                        }[] | null;
                        /** @description What became of the records of the last 24 hours. */
                        readonly last_day: {
                            readonly batches: number;
                            readonly records: number;
                            readonly accepted: number;
                            readonly duplicate: number;
                            readonly rejected: number;
                            readonly too_late: number;
                            readonly too_early: number;
                            /** @description 95 % of the batches of the slowest partition took no longer. */
                            readonly slow_batch_ms: number | null;
                        } | null;
                        /** @description What was set aside in the last 24 hours, as of at most a minute ago. */
                        readonly dead_letters: {
                            readonly reasons: readonly {
                                readonly reason: string;
                                readonly letters: number;
                            }[];
                            /** @description There may be more: only so many of the newest are looked at. */
                            readonly more: boolean;
                            readonly newest: readonly {
                                readonly id: string;
                                readonly reason: string;
                                readonly detail: string;
                                /** Format: date-time */
                                readonly at: string;
                            }[];
                        } | null;
                        readonly derived_tables: readonly {
                            readonly table: string;
                            readonly ready: boolean;
                            /** @description Share of the first build that is done. */
                            readonly built: number | null;
                            /** Format: date-time */
                            readonly watermark: string | null;
                            /** Format: date-time */
                            readonly refreshed_at: string | null;
                        }[] | null;
                        /** @description The newest recorded point of each indicator that has any. */
                        readonly recorded: readonly {
                            readonly indicator: string;
                            /** Format: date-time */
                            readonly to: string;
                            /** Format: date-time */
                            readonly computed_at: string;
                        }[] | null;
                        /** @description null: for ever. */
                        readonly retention_seconds: {
                            readonly ten_seconds: number | null;
                            readonly quarter_hour: number | null;
                            readonly day: number | null;
                            readonly raw: number | null;
                        };
                        readonly versions: {
                            readonly kivi: string;
                            readonly node: string;
                            readonly clickhouse: string | null;
                            readonly schema: number | null;
                            readonly catalog: string;
                        };
                        /** @description What could not be asked, and is null or less exact for it. */
                        readonly unavailable: readonly {
                            readonly what: string;
                            readonly reason: string;
                        }[];
                    };
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly funnels: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Most items of a page.
                 * @example 100
                 */
                readonly limit?: number;
                /**
                 * @description `next` of the page before; without, the first page.
                 * @example Y3Ry
                 */
                readonly cursor?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly {
                            readonly id: string;
                            readonly label: {
                                readonly en: string;
                                readonly zh: string;
                            };
                            readonly within: string;
                            readonly dimensions: readonly string[];
                            readonly steps: readonly {
                                readonly name: string;
                                readonly label: {
                                    readonly en: string;
                                    readonly zh: string;
                                };
                                readonly events: readonly string[];
                                readonly filter: string | null;
                            }[];
                        }[];
                        readonly next: string | null;
                    };
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly funnel: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Length such as 15m, 1h, 7d; ends at the last complete slice, or at `to`.
                 * @example 7d
                 */
                readonly window?: string;
                /**
                 * @description The calendar period that holds `to`, up to `to`.
                 * @example month
                 */
                readonly period?: "day" | "week" | "month" | "quarter" | "year";
                /**
                 * @description RFC 3339 time, inclusive.
                 * @example 2026-03-01T00:00:00Z
                 */
                readonly from?: string;
                /**
                 * @description RFC 3339 time, exclusive.
                 * @example 2026-03-08T00:00:00Z
                 */
                readonly to?: string;
                /**
                 * @description RFC 3339 time, not before `to`: the answer as it would have been then, with follow-ups seen up to it.
                 * @example 2026-03-09T00:00:00Z
                 */
                readonly as_of?: string;
                /**
                 * @description Dimensions of the start to group by, separated by commas.
                 * @example channel
                 */
                readonly by?: string;
                /**
                 * @description `dimension:value1,value2`; repeated filters must all hold. Encode commas, colons and percent signs of a value once more.
                 * @example [
                 *       "campaign:spring,summer"
                 *     ]
                 */
                readonly filter?: readonly string[];
                /**
                 * @description How to answer, whatever `Accept` says. `excel` is CSV that Excel takes for UTF-8.
                 * @example csv
                 */
                readonly format?: "json" | "csv" | "excel";
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Name of a funnel.
                 * @example checkout
                 */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly funnel: string;
                        readonly label: {
                            readonly en: string;
                            readonly zh: string;
                        };
                        /** Format: date-time */
                        readonly from: string;
                        /** Format: date-time */
                        readonly to: string;
                        readonly within: string;
                        /** Format: date-time */
                        readonly watermark: string | null;
                        /** @description Everything in the window has been counted. */
                        readonly complete: boolean;
                        /** Format: date-time */
                        readonly provisional_until: string | null;
                        readonly steps: readonly {
                            readonly name: string;
                            readonly label: {
                                readonly en: string;
                                readonly zh: string;
                            };
                            readonly persons: number;
                            /** @description Of those who reached the step before. */
                            readonly conversion: number | null;
                            /** @description Of 95 %: where the value would lie but for chance. */
                            readonly interval: readonly number[] | null;
                            /** @description Of those who entered. */
                            readonly overall: number | null;
                            readonly lost: number;
                            /** @description From the step before, of each person’s furthest attempt. */
                            readonly median_seconds: number | null;
                            /** @description Conversions that would be gained if a tenth of those who are lost here went on and then did as the others. */
                            readonly leverage: number | null;
                            /** @description The step with the greatest leverage. */
                            readonly first_to_improve: boolean;
                        }[];
                        readonly groups?: readonly {
                            readonly by: {
                                readonly [key: string]: string;
                            };
                            readonly steps: readonly {
                                readonly name: string;
                                readonly label: {
                                    readonly en: string;
                                    readonly zh: string;
                                };
                                readonly persons: number;
                                /** @description Of those who reached the step before. */
                                readonly conversion: number | null;
                                /** @description Of 95 %: where the value would lie but for chance. */
                                readonly interval: readonly number[] | null;
                                /** @description Of those who entered. */
                                readonly overall: number | null;
                                readonly lost: number;
                                /** @description From the step before, of each person’s furthest attempt. */
                                readonly median_seconds: number | null;
                                /** @description Conversions that would be gained if a tenth of those who are lost here went on and then did as the others. */
                                readonly leverage: number | null;
                                /** @description The step with the greatest leverage. */
                                readonly first_to_improve: boolean;
                            }[];
                        }[];
                        readonly truncated?: boolean;
                    };
                    readonly "text/csv": string;
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly retention: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description An entity whose key is the person.
                 * @example person
                 */
                readonly entity?: string;
                /**
                 * @description A time of it, or a list, of which the first counts.
                 * @example purchases
                 */
                readonly first?: string;
                /**
                 * @description A list of it: being back.
                 * @example purchases
                 */
                readonly again?: string;
                /**
                 * @description Calendar periods of the zone.
                 * @example month
                 */
                readonly period?: "day" | "week" | "month" | "quarter" | "year";
                /**
                 * @description RFC 3339 time: the first cohort is the period that holds it.
                 * @example 2026-03-01T00:00:00Z
                 */
                readonly from?: string;
                /**
                 * @description RFC 3339 time: cohorts begin before it; default the watermark.
                 * @example 2026-03-08T00:00:00Z
                 */
                readonly to?: string;
                /**
                 * @description How many periods after the own one.
                 * @example 12
                 */
                readonly periods?: number;
                /**
                 * @description Back in that very period, or in it or any later one.
                 * @example on_or_after
                 */
                readonly rule?: "on" | "on_or_after";
                /**
                 * @description RFC 3339 time, not before `to`: the answer as it would have been then, with follow-ups seen up to it.
                 * @example 2026-03-09T00:00:00Z
                 */
                readonly as_of?: string;
                /**
                 * @description How to answer, whatever `Accept` says. `excel` is CSV that Excel takes for UTF-8.
                 * @example csv
                 */
                readonly format?: "json" | "csv" | "excel";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly entity: string;
                        readonly first: string;
                        readonly again: string;
                        readonly period: string;
                        readonly rule: string;
                        readonly timezone: string;
                        /** Format: date-time */
                        readonly from: string;
                        /** Format: date-time */
                        readonly to: string;
                        /** Format: date-time */
                        readonly watermark: string | null;
                        /** @description Everything in the window has been counted. */
                        readonly complete: boolean;
                        readonly cohorts: readonly {
                            /** Format: date-time */
                            readonly from: string;
                            /** Format: date-time */
                            readonly to: string;
                            readonly persons: number;
                            /** @description The cohort’s own period is not over. */
                            readonly partial: boolean;
                            /** @description By how many periods later; null: that period has not begun. */
                            readonly cells: readonly ({
                                readonly retained: number;
                                readonly rate: number | null;
                                /** @description The period is not over: the number can still grow. */
                                readonly partial: boolean;
                            } | null)[];
                        }[];
                        /** @description Over all cohorts of which that period is over. */
                        readonly pooled: readonly {
                            readonly later: number;
                            readonly persons: number;
                            readonly retained: number;
                            readonly rate: number | null;
                            /** @description Of 95 %: where the value would lie but for chance. */
                            readonly interval: readonly number[] | null;
                        }[];
                    };
                    readonly "text/csv": string;
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly valueSegments: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Name of value segments; the only ones of the catalog where none is given.
                 * @example value
                 */
                readonly segments?: string;
                /**
                 * @description How they are divided.
                 * @example limits
                 */
                readonly method?: "limits" | "quantiles";
                /**
                 * @description Length such as 15m, 1h, 7d; ends at the last complete slice, or at `to`.
                 * @example 7d
                 */
                readonly window?: string;
                /**
                 * @description The calendar period that holds `to`, up to `to`.
                 * @example month
                 */
                readonly period?: "day" | "week" | "month" | "quarter" | "year";
                /**
                 * @description RFC 3339 time, inclusive.
                 * @example 2026-03-01T00:00:00Z
                 */
                readonly from?: string;
                /**
                 * @description RFC 3339 time, exclusive.
                 * @example 2026-03-08T00:00:00Z
                 */
                readonly to?: string;
                /**
                 * @description RFC 3339 time, not before `to`: the answer as it would have been then, with follow-ups seen up to it.
                 * @example 2026-03-09T00:00:00Z
                 */
                readonly as_of?: string;
                /**
                 * @description How to answer, whatever `Accept` says. `excel` is CSV that Excel takes for UTF-8.
                 * @example csv
                 */
                readonly format?: "json" | "csv" | "excel";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly segments_of: string;
                        readonly method: string;
                        /** Format: date-time */
                        readonly from: string;
                        /** Format: date-time */
                        readonly to: string;
                        /** Format: date-time */
                        readonly watermark: string | null;
                        /** @description Everything in the window has been counted. */
                        readonly complete: boolean;
                        readonly segments: readonly {
                            readonly segment: string;
                            readonly persons: number;
                            readonly sum: number;
                            readonly share_of_sum: number | null;
                            readonly mean: number | null;
                            readonly median: number | null;
                            readonly share_of_persons: number | null;
                            readonly limit: number | null;
                            readonly share: number | null;
                            readonly lowest: number | null;
                            readonly highest: number | null;
                        }[];
                        /** @description Persons without history when the window began. */
                        readonly new: {
                            readonly persons: number;
                            readonly sum: number;
                            readonly share_of_sum: number | null;
                            readonly mean: number | null;
                            readonly median: number | null;
                        };
                        readonly total: {
                            readonly persons: number;
                            readonly sum: number;
                        };
                    };
                    readonly "text/csv": string;
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly churnReasons: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Length such as 15m, 1h, 7d; ends at the last complete slice, or at `to`.
                 * @example 7d
                 */
                readonly window?: string;
                /**
                 * @description The calendar period that holds `to`, up to `to`.
                 * @example month
                 */
                readonly period?: "day" | "week" | "month" | "quarter" | "year";
                /**
                 * @description RFC 3339 time, inclusive.
                 * @example 2026-03-01T00:00:00Z
                 */
                readonly from?: string;
                /**
                 * @description RFC 3339 time, exclusive.
                 * @example 2026-03-08T00:00:00Z
                 */
                readonly to?: string;
                /**
                 * @description RFC 3339 time, not before `to`: the answer as it would have been then, with follow-ups seen up to it.
                 * @example 2026-03-09T00:00:00Z
                 */
                readonly as_of?: string;
                /**
                 * @description How to answer, whatever `Accept` says. `excel` is CSV that Excel takes for UTF-8.
                 * @example csv
                 */
                readonly format?: "json" | "csv" | "excel";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** Format: date-time */
                        readonly from: string;
                        /** Format: date-time */
                        readonly to: string;
                        readonly preceding: {
                            /** Format: date-time */
                            readonly from: string;
                            /** Format: date-time */
                            readonly to: string;
                        };
                        /** Format: date-time */
                        readonly said_from: string;
                        /** Format: date-time */
                        readonly watermark: string | null;
                        /** @description Everything in the window has been counted. */
                        readonly complete: boolean;
                        readonly churned: {
                            readonly persons: number;
                            readonly with_topic: number;
                        };
                        readonly stayed: {
                            readonly persons: number;
                            readonly with_topic: number;
                        };
                        readonly topics: readonly {
                            readonly topic: string;
                            readonly churned: number;
                            readonly stayed: number;
                            readonly share_of_churned: number | null;
                            readonly share_of_stayed: number | null;
                            readonly ratio: number | null;
                            /** @description Of 95 %: where the value would lie but for chance. */
                            readonly interval: readonly number[] | null;
                        }[];
                        readonly hidden: {
                            readonly topics: number;
                            readonly persons: number;
                            readonly fewest: number;
                        };
                        readonly note: string;
                    };
                    readonly "text/csv": string;
                };
            };
            /** @description Nothing changed since the ETag of If-None-Match */
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly indicatorMetrics: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/plain": string;
                    readonly "application/openmetrics-text": string;
                };
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly promQuery: {
        readonly parameters: {
            readonly query: {
                /**
                 * @description What to evaluate, in PromQL.
                 * @example kivi_ctr{campaign="spring"}
                 */
                readonly query: string;
                /**
                 * @description When to evaluate it; default now: seconds since 1970 or an RFC 3339 time.
                 * @example 2026-03-08T00:00:00Z
                 */
                readonly time?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "success";
                        /** @description As Prometheus answers it. */
                        readonly data: unknown;
                        /** @description What the answer leaves out. */
                        readonly warnings?: readonly string[];
                        /** @description What is odd about the query. */
                        readonly infos?: readonly string[];
                    };
                };
            };
            /** @description An error as Prometheus tells it */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "error";
                        readonly errorType: string;
                        /** @description What to do about it. */
                        readonly error: string;
                    };
                };
            };
        };
    };
    readonly promQueryByForm: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/x-www-form-urlencoded": {
                    /** @description What to evaluate, in PromQL. */
                    readonly query: string;
                    /** @description When to evaluate it; default now: seconds since 1970 or an RFC 3339 time. */
                    readonly time?: string;
                };
            };
        };
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "success";
                        /** @description As Prometheus answers it. */
                        readonly data: unknown;
                        /** @description What the answer leaves out. */
                        readonly warnings?: readonly string[];
                        /** @description What is odd about the query. */
                        readonly infos?: readonly string[];
                    };
                };
            };
            /** @description An error as Prometheus tells it */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "error";
                        readonly errorType: string;
                        /** @description What to do about it. */
                        readonly error: string;
                    };
                };
            };
        };
    };
    readonly promQueryRange: {
        readonly parameters: {
            readonly query: {
                /**
                 * @description What to evaluate, in PromQL.
                 * @example kivi_ctr{campaign="spring"}
                 */
                readonly query: string;
                /**
                 * @description Beginning, inclusive: seconds since 1970 or an RFC 3339 time.
                 * @example 2026-03-01T00:00:00Z
                 */
                readonly start: string;
                /**
                 * @description End, inclusive: seconds since 1970 or an RFC 3339 time.
                 * @example 2026-03-08T00:00:00Z
                 */
                readonly end: string;
                /**
                 * @description Seconds between points, or a duration such as 30s.
                 * @example 1h
                 */
                readonly step: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "success";
                        /** @description As Prometheus answers it. */
                        readonly data: unknown;
                        /** @description What the answer leaves out. */
                        readonly warnings?: readonly string[];
                        /** @description What is odd about the query. */
                        readonly infos?: readonly string[];
                    };
                };
            };
            /** @description An error as Prometheus tells it */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "error";
                        readonly errorType: string;
                        /** @description What to do about it. */
                        readonly error: string;
                    };
                };
            };
        };
    };
    readonly promQueryRangeByForm: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/x-www-form-urlencoded": {
                    /** @description What to evaluate, in PromQL. */
                    readonly query: string;
                    /** @description Beginning, inclusive: seconds since 1970 or an RFC 3339 time. */
                    readonly start: string;
                    /** @description End, inclusive: seconds since 1970 or an RFC 3339 time. */
                    readonly end: string;
                    /** @description Seconds between points, or a duration such as 30s. */
                    readonly step: string;
                };
            };
        };
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "success";
                        /** @description As Prometheus answers it. */
                        readonly data: unknown;
                        /** @description What the answer leaves out. */
                        readonly warnings?: readonly string[];
                        /** @description What is odd about the query. */
                        readonly infos?: readonly string[];
                    };
                };
            };
            /** @description An error as Prometheus tells it */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "error";
                        readonly errorType: string;
                        /** @description What to do about it. */
                        readonly error: string;
                    };
                };
            };
        };
    };
    readonly promSeries: {
        readonly parameters: {
            readonly query: {
                /**
                 * @description Selectors of series; of several, those of any.
                 * @example [
                 *       "kivi_ctr"
                 *     ]
                 */
                readonly "match[]": readonly string[];
                /**
                 * @description Beginning, inclusive: seconds since 1970 or an RFC 3339 time.
                 * @example 2026-03-01T00:00:00Z
                 */
                readonly start?: string;
                /**
                 * @description End, inclusive: seconds since 1970 or an RFC 3339 time.
                 * @example 2026-03-08T00:00:00Z
                 */
                readonly end?: string;
                /**
                 * @description Most items; 0: all.
                 * @example 100
                 */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "success";
                        /** @description As Prometheus answers it. */
                        readonly data: unknown;
                        /** @description What the answer leaves out. */
                        readonly warnings?: readonly string[];
                        /** @description What is odd about the query. */
                        readonly infos?: readonly string[];
                    };
                };
            };
            /** @description An error as Prometheus tells it */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "error";
                        readonly errorType: string;
                        /** @description What to do about it. */
                        readonly error: string;
                    };
                };
            };
        };
    };
    readonly promSeriesByForm: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/x-www-form-urlencoded": {
                    /** @description Selectors of series; of several, those of any. */
                    readonly "match[]": readonly string[];
                    /** @description Beginning, inclusive: seconds since 1970 or an RFC 3339 time. */
                    readonly start?: string;
                    /** @description End, inclusive: seconds since 1970 or an RFC 3339 time. */
                    readonly end?: string;
                    /** @description Most items; 0: all. */
                    readonly limit?: number;
                };
            };
        };
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "success";
                        /** @description As Prometheus answers it. */
                        readonly data: unknown;
                        /** @description What the answer leaves out. */
                        readonly warnings?: readonly string[];
                        /** @description What is odd about the query. */
                        readonly infos?: readonly string[];
                    };
                };
            };
            /** @description An error as Prometheus tells it */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "error";
                        readonly errorType: string;
                        /** @description What to do about it. */
                        readonly error: string;
                    };
                };
            };
        };
    };
    readonly promLabels: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Selectors of series; of several, those of any.
                 * @example [
                 *       "kivi_ctr"
                 *     ]
                 */
                readonly "match[]"?: readonly string[];
                /**
                 * @description Most items; 0: all.
                 * @example 100
                 */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "success";
                        /** @description As Prometheus answers it. */
                        readonly data: unknown;
                        /** @description What the answer leaves out. */
                        readonly warnings?: readonly string[];
                        /** @description What is odd about the query. */
                        readonly infos?: readonly string[];
                    };
                };
            };
            /** @description An error as Prometheus tells it */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "error";
                        readonly errorType: string;
                        /** @description What to do about it. */
                        readonly error: string;
                    };
                };
            };
        };
    };
    readonly promLabelsByForm: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/x-www-form-urlencoded": {
                    /** @description Selectors of series; of several, those of any. */
                    readonly "match[]"?: readonly string[];
                    /** @description Most items; 0: all. */
                    readonly limit?: number;
                };
            };
        };
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "success";
                        /** @description As Prometheus answers it. */
                        readonly data: unknown;
                        /** @description What the answer leaves out. */
                        readonly warnings?: readonly string[];
                        /** @description What is odd about the query. */
                        readonly infos?: readonly string[];
                    };
                };
            };
            /** @description An error as Prometheus tells it */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "error";
                        readonly errorType: string;
                        /** @description What to do about it. */
                        readonly error: string;
                    };
                };
            };
        };
    };
    readonly promLabelValues: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Selectors of series; of several, those of any.
                 * @example [
                 *       "kivi_ctr"
                 *     ]
                 */
                readonly "match[]"?: readonly string[];
                /**
                 * @description Beginning, inclusive: seconds since 1970 or an RFC 3339 time.
                 * @example 2026-03-01T00:00:00Z
                 */
                readonly start?: string;
                /**
                 * @description End, inclusive: seconds since 1970 or an RFC 3339 time.
                 * @example 2026-03-08T00:00:00Z
                 */
                readonly end?: string;
                /**
                 * @description Most items; 0: all.
                 * @example 100
                 */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                /**
                 * @description Name of a label.
                 * @example campaign
                 */
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "success";
                        /** @description As Prometheus answers it. */
                        readonly data: unknown;
                        /** @description What the answer leaves out. */
                        readonly warnings?: readonly string[];
                        /** @description What is odd about the query. */
                        readonly infos?: readonly string[];
                    };
                };
            };
            /** @description An error as Prometheus tells it */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "error";
                        readonly errorType: string;
                        /** @description What to do about it. */
                        readonly error: string;
                    };
                };
            };
        };
    };
    readonly promLabelValuesByForm: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /**
                 * @description Name of a label.
                 * @example campaign
                 */
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/x-www-form-urlencoded": {
                    /** @description Selectors of series; of several, those of any. */
                    readonly "match[]"?: readonly string[];
                    /** @description Beginning, inclusive: seconds since 1970 or an RFC 3339 time. */
                    readonly start?: string;
                    /** @description End, inclusive: seconds since 1970 or an RFC 3339 time. */
                    readonly end?: string;
                    /** @description Most items; 0: all. */
                    readonly limit?: number;
                };
            };
        };
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "success";
                        /** @description As Prometheus answers it. */
                        readonly data: unknown;
                        /** @description What the answer leaves out. */
                        readonly warnings?: readonly string[];
                        /** @description What is odd about the query. */
                        readonly infos?: readonly string[];
                    };
                };
            };
            /** @description An error as Prometheus tells it */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "error";
                        readonly errorType: string;
                        /** @description What to do about it. */
                        readonly error: string;
                    };
                };
            };
        };
    };
    readonly promMetadata: {
        readonly parameters: {
            readonly query?: {
                /**
                 * @description Only of this metric.
                 * @example kivi_ctr
                 */
                readonly metric?: string;
                /**
                 * @description Most items; 0: all.
                 * @example 100
                 */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "success";
                        /** @description As Prometheus answers it. */
                        readonly data: unknown;
                        /** @description What the answer leaves out. */
                        readonly warnings?: readonly string[];
                        /** @description What is odd about the query. */
                        readonly infos?: readonly string[];
                    };
                };
            };
            /** @description An error as Prometheus tells it */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "error";
                        readonly errorType: string;
                        /** @description What to do about it. */
                        readonly error: string;
                    };
                };
            };
        };
    };
    readonly promMetadataByForm: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/x-www-form-urlencoded": {
                    /** @description Only of this metric. */
                    readonly metric?: string;
                    /** @description Most items; 0: all. */
                    readonly limit?: number;
                };
            };
        };
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "success";
                        /** @description As Prometheus answers it. */
                        readonly data: unknown;
                        /** @description What the answer leaves out. */
                        readonly warnings?: readonly string[];
                        /** @description What is odd about the query. */
                        readonly infos?: readonly string[];
                    };
                };
            };
            /** @description An error as Prometheus tells it */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "error";
                        readonly errorType: string;
                        /** @description What to do about it. */
                        readonly error: string;
                    };
                };
            };
        };
    };
    readonly promBuildInfo: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "success";
                        /** @description As Prometheus answers it. */
                        readonly data: unknown;
                        /** @description What the answer leaves out. */
                        readonly warnings?: readonly string[];
                        /** @description What is odd about the query. */
                        readonly infos?: readonly string[];
                    };
                };
            };
            /** @description An error as Prometheus tells it */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "error";
                        readonly errorType: string;
                        /** @description What to do about it. */
                        readonly error: string;
                    };
                };
            };
        };
    };
    readonly health: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly status: string;
                    };
                };
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly readiness: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly ready: boolean;
                        readonly checks: {
                            readonly [key: string]: string;
                        };
                    };
                };
            };
            /** @description What was asked for */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly ready: boolean;
                        readonly checks: {
                            readonly [key: string]: string;
                        };
                    };
                };
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly metrics: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was asked for */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/plain": string;
                };
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly document: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description OpenAPI 3.1 */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly sendEvents: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The accepted events are durable in the log; the rejected ones are not */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly accepted: number;
                        readonly rejected: readonly {
                            readonly index: number;
                            readonly code: string;
                            readonly reason: string;
                        }[];
                    };
                };
            };
            /** @description A problem; `code` says which and `detail` what to do */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
