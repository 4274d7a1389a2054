// Written by npm run docs:reference from the OpenAPI document.
export interface paths {
    "/v1/audit-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was done by whom, newest first */
        get: operations["AuditLogController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/openid": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sign in with the OpenID provider: a browser opens this */
        get: operations["OpenIdController_begin"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/openid/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the provider sends the browser back to */
        get: operations["OpenIdController_callback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in, with the CSRF token of the session */
        get: operations["SessionController_get"];
        put?: never;
        post?: never;
        /** Sign out */
        delete: operations["SessionController_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How people can sign in besides with a link */
        get: operations["SessionController_providers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in with the token of a one-time link; sets the session cookie */
        post: operations["SessionController_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The people of the workspace, newest first */
        get: operations["UsersController_list"];
        put?: never;
        /** Add a person; a link, or the OpenID provider by the e-mail address, lets them in */
        post: operations["UsersController_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change the role, or disable a person, which ends their sessions */
        patch: operations["UsersController_change"];
        trace?: never;
    };
    "/v1/users/{id}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A link that signs this person in once; links from before no longer work */
        post: operations["UsersController_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/contents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List contents, newest first */
        get: operations["ContentsController_list"];
        put?: never;
        /** Submit a video, a text, or both */
        post: operations["ContentsController_submit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/contents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** State, stage timings and result of a content */
        get: operations["ContentsController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/contents/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every result that it has had, who or what decided it, and why */
        get: operations["ContentsController_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/contents/{id}/retag": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tag it again with the workspace's pack; frames and embeddings are reused */
        post: operations["ContentsController_retag"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/contents/{id}/filmstrip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sampled frames side by side */
        get: operations["ContentsController_filmstrip"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every error code: status, whether trying again can help, title and remedy */
        get: operations["ErrorsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process is alive */
        get: operations["HealthController_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process may be sent work (200), or not yet or no longer (503) */
        get: operations["HealthController_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prometheus metrics */
        get: operations["HealthController_metricsText"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What changes in the workspace, as server-sent events; each event says what to read again
         * @description `queues` {}: counts changed. `item` {id, change}: claimed, released, decided or superseded. `content` {id, state, stage?, stageState?}. `contents` {}: many changed, or some were missed. At most two batches a second. Nothing is sent again, so a page reads what it shows whenever it connects; a `Last-Event-ID` has no effect.
         */
        get: operations["LiveController_watch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/contents/{id}/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Addresses of the video, its frames and its filmstrip that a browser can load for some minutes */
        get: operations["MediaController_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/media/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file of a content, by an address of `GET /v1/contents/{id}/media`; Range works */
        get: operations["MediaFilesController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** Size and type of a file */
        head: operations["MediaFilesController_head"];
        patch?: never;
        trace?: never;
    };
    "/v1/admin/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The queues, what waits in them, and whether they are held */
        get: operations["QueuesController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/queues/{queue}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin nothing new, in any process and through restarts; jobs stay where they are */
        post: operations["QueuesController_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/queues/{queue}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pause, and empty the queue: what is under way is finished, the rest waits in Postgres until it is resumed */
        post: operations["QueuesController_drain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/queues/{queue}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on where it was */
        post: operations["QueuesController_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/reruns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reruns, newest first */
        get: operations["RerunsController_list"];
        put?: never;
        /**
         * Tag many contents again with the pack in force: what is missing, everything, or what failed
         * @description In bounded batches, behind everything interactive. Frames and embeddings that exist are reused. Asking for what is running already gives the rerun that is running.
         */
        post: operations["RerunsController_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/reruns/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far a rerun is */
        get: operations["RerunsController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/reruns/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send no more contents on their way; those on it go on */
        post: operations["RerunsController_stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/taxonomy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The label tree of the workspace's pack */
        get: operations["TaxonomyController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/review/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What waits for a reviewer
         * @description Newest first, or by rank: first what a rule of the policy sends, then by due time what the reviewers have the minutes for. What the machine decides by itself is in the list by rank only with route=decide.
         */
        get: operations["ItemsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/review/capacity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the reviewers can do now */
        get: operations["RoutingController_capacity"];
        /**
         * Say what the reviewers can do now
         * @description Open items are routed by it within seconds, and again when they or it change.
         */
        put: operations["RoutingController_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/review/routing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What came of the last routing: items by route, and what one more minute is worth */
        get: operations["RoutingController_routing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/review/claims": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take items to decide
         * @description What the caller holds already comes first, then the next free items by priority and rank; never one on which the caller has given a verdict. A claim is held for some seconds, and longer with heartbeats. The queue escalated is for leads.
         */
        post: operations["ClaimsController_claim"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/review/claims/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keep claims, and hear which are lost and why */
        post: operations["ClaimsController_heartbeat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/review/claims/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give items back, so that others get them at once */
        post: operations["ClaimsController_release"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/review/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The queues, and what waits in them
         * @description An item is in the first queue, by age, whose rule wants it. Counts are some seconds old at most.
         */
        get: operations["ReviewQueuesController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/review/queues/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set up a queue, or pause it
         * @description Open items are filed anew. Pausing all pauses every queue.
         */
        put: operations["ReviewQueuesController_put"];
        post?: never;
        /** Remove a queue; its items go to the others */
        delete: operations["ReviewQueuesController_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/review/verdicts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What reviewers have decided, newest first */
        get: operations["VerdictsController_list"];
        put?: never;
        /**
         * Decide an item that the caller holds
         * @description Nothing is published before publishesAt, and until then it can be undone freely. Sending the same verdict again, after an answer was lost, changes nothing and is answered 200.
         */
        post: operations["VerdictsController_give"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/review/verdicts/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a verdict back
         * @description Free before publishesAt; later what was before is published again with a higher revision. The item is open again, and held by whoever undoes their own verdict. A lead may undo others' verdicts.
         */
        post: operations["VerdictsController_undo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/review/items/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A review item with all that a reviewer needs */
        get: operations["TasksController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/review/items/{id}/draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Keep what is chosen and typed, until the verdict */
        put: operations["TasksController_keepDraft"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/review/items/{id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say something about an item, for whoever looks at it next */
        post: operations["TasksController_addNote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/review/quality": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What reviewers did, and how far they agree
         * @description For leads only: it is no leaderboard.
         */
        get: operations["QualityController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/labels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is known to be true of contents, newest first */
        get: operations["LabelsController_list"];
        put?: never;
        /**
         * Say what contents are
         * @description Up to 1,000 labels. Those that fit are stored in one transaction, the others are refused one by one. Sending the same labels again changes nothing.
         */
        post: operations["LabelsController_store"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Policies, newest first */
        get: operations["PoliciesController_list"];
        put?: never;
        /**
         * Draft a policy: find thresholds that keep the targets
         * @description On the truth of the workspace: a quarter fits the calibration, the rest proves the thresholds. Nothing is published by a draft.
         */
        post: operations["PoliciesController_draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A policy: its thresholds, their proofs, and what its replay found */
        get: operations["PoliciesController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decide past contents again by this policy, without publishing anything */
        post: operations["PoliciesController_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{id}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring a replayed policy into force
         * @description New contents are decided by it within a second. A retired policy may be brought back this way.
         */
        post: operations["PoliciesController_activate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{id}/retire": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a policy out of force: the pack decides by itself again */
        post: operations["PoliciesController_retire"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{id}/audits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What audits say of each promise of a policy
         * @description Together with the policies that took its place when a promise was broken: they stand on the same proof.
         */
        get: operations["AuditsController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/redecisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Redecisions, newest first */
        get: operations["RedecisionsController_list"];
        put?: never;
        /**
         * Decide all past results anew by what is in force, from their stored scores and without a model
         * @description In bounded batches, beside live work. A result that changes gets a new revision and events that name what they supersede. Asking while it is running gives the one that is running.
         */
        post: operations["RedecisionsController_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/redecisions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far a redecision is */
        get: operations["RedecisionsController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/redecisions/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decide no more results anew; what has changed stays */
        post: operations["RedecisionsController_stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calibrations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Calibrations, newest first */
        get: operations["CalibrationsController_list"];
        put?: never;
        /**
         * Fit a calibration on the truth of the workspace
         * @description On the quarter of the truth that no proof uses, for the pack in force. It changes nothing until a policy that was drafted with it comes into force.
         */
        post: operations["CalibrationsController_fit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calibrations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A calibration: its maps by class, and how well they do on contents they were not fitted on */
        get: operations["CalibrationsController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calibrations/{id}/plots/reliability.svg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Confidence beside truth, before and after a calibration */
        get: operations["PlotsController_reliability"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{id}/plots/risk-coverage.svg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How error grows with what a policy publishes, on the contents of its proof */
        get: operations["PlotsController_riskCoverage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{id}/plots/thresholds.svg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** From which confidence a policy publishes, by group, beside what was promised and proven */
        get: operations["PlotsController_thresholds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: never;
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    AuditLogController_list: {
        parameters: {
            query?: {
                cursor?: unknown;
                limit?: number;
                subject?: unknown;
                actor?: unknown;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, and the cursor of the next */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            /** Format: date-time */
                            at: string;
                            /** @description user:<id>, key:<id>, or cli:<name> for a command */
                            actor: string;
                            /** @description such as session.started, user.role-changed, verdict.given */
                            action: string;
                            /** @description what it was done to: user:<id>, content:<id>, policy:<name/number> … */
                            subject: string;
                            detail: {
                                [key: string]: unknown;
                            };
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    OpenIdController_begin: {
        parameters: {
            query?: {
                /** @description the page of this server to come back to */
                returnTo?: unknown;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the provider */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    OpenIdController_callback: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To `returnTo`, signed in; or to /sign-in?error=<code> */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    SessionController_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session of the cookie */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        user: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                            /** @enum {string} */
                            role: "reviewer" | "lead" | "admin";
                        };
                        workspace: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                        };
                        /** @description goes into the header x-reeltag-csrf of every request that is not GET or HEAD */
                        csrfToken: string;
                        /**
                         * Format: date-time
                         * @description if nothing more is asked for until then
                         */
                        expiresAt: string;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    SessionController_delete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    SessionController_providers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description null: there is no OpenID provider */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        openId: {
                            name: string;
                        } | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    SessionController_link: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    token: string;
                };
            };
        };
        responses: {
            /** @description Signed in, in a new session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        user: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                            /** @enum {string} */
                            role: "reviewer" | "lead" | "admin";
                        };
                        workspace: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                        };
                        /** @description goes into the header x-reeltag-csrf of every request that is not GET or HEAD */
                        csrfToken: string;
                        /**
                         * Format: date-time
                         * @description if nothing more is asked for until then
                         */
                        expiresAt: string;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    UsersController_list: {
        parameters: {
            query?: {
                cursor?: unknown;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, and the cursor of the next */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                            /** @enum {string} */
                            role: "reviewer" | "lead" | "admin";
                            email: string | null;
                            /** @description has signed in through the OpenID provider */
                            openId: boolean;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            disabledAt: string | null;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    UsersController_add: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /**
                     * @default reviewer
                     * @enum {string}
                     */
                    role?: "reviewer" | "lead" | "admin";
                    /**
                     * Format: email
                     * @description by which the OpenID provider knows this person
                     */
                    email?: string;
                };
            };
        };
        responses: {
            /** @description The user */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        name: string;
                        /** @enum {string} */
                        role: "reviewer" | "lead" | "admin";
                        email: string | null;
                        /** @description has signed in through the OpenID provider */
                        openId: boolean;
                        /** Format: date-time */
                        createdAt: string;
                        /** Format: date-time */
                        disabledAt: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    UsersController_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    role?: "reviewer" | "lead" | "admin";
                    disabled?: boolean;
                };
            };
        };
        responses: {
            /** @description The user as they are now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        name: string;
                        /** @enum {string} */
                        role: "reviewer" | "lead" | "admin";
                        email: string | null;
                        /** @description has signed in through the OpenID provider */
                        openId: boolean;
                        /** Format: date-time */
                        createdAt: string;
                        /** Format: date-time */
                        disabledAt: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    UsersController_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Shown only here */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uri */
                        url: string;
                        /** Format: date-time */
                        expiresAt: string;
                    };
                };
            };
            /**
             * @description Problem document (RFC 9457)
             *
             *     Problem document (RFC 9457)
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    ContentsController_list: {
        parameters: {
            query?: {
                cursor?: unknown;
                limit?: number;
                /** @description text in the title. A page looks at some thousand contents; go on while there is a `nextCursor` */
                q?: unknown;
                /** @description submitted before this moment */
                to?: unknown;
                /** @description submitted at this moment or later */
                from?: unknown;
                /** @description published at this node or below */
                node?: unknown;
                externalId?: unknown;
                state?: "processing" | "published" | "in_review" | "failed";
            };
            header: {
                "accept-language": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, and the cursor of the next */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            externalId: string | null;
                            /** @enum {string} */
                            state: "processing" | "published" | "in_review" | "failed";
                            revision: number;
                            title: string | null;
                            description: string | null;
                            ocrText: string | null;
                            asrText: string | null;
                            /** @description prior signals of the author */
                            author: {
                                /** @description stable identifier in your system */
                                authorId: string;
                                displayName?: string;
                                followers?: number;
                                verified?: boolean;
                                /** @description what the author mostly posts about */
                                topics?: string[];
                                /** @description ISO 3166-1 alpha-2 */
                                region?: string;
                            } | null;
                            language: string;
                            video: {
                                sha256: string;
                                bytes: number;
                                durationMs: number | null;
                                width: number | null;
                                height: number | null;
                            } | null;
                            /** @description the visible result: the one with the highest revision */
                            result: {
                                /** Format: uuid */
                                id: string;
                                revision: number;
                                /** @enum {string} */
                                decision: "published" | "published-ancestor" | "review";
                                modalities: ("video" | "text")[];
                                tags: {
                                    facet: string;
                                    path: string;
                                    /** @description of every node on the path, root first */
                                    names: {
                                        zh: string;
                                        en: string;
                                    }[];
                                    /** @description calibrated probability */
                                    confidence: number;
                                    /** @enum {string} */
                                    status: "published" | "candidate";
                                }[];
                                versions: {
                                    pack: string;
                                    vision: string;
                                    text: string;
                                    fusion: string;
                                    taxonomy: string;
                                    sampling: string;
                                    /** @description the policy that decided, name/number; without one the pack did */
                                    policy?: string;
                                    /** @description the encoder of each stream; only where a pack has others than video and text */
                                    streams?: {
                                        [key: string]: string;
                                    };
                                };
                                /** @description the reviewer who gave this result; null: the model did */
                                origin?: {
                                    /** @enum {string} */
                                    kind: "model" | "review";
                                    /** @description an id, never a name */
                                    by: string;
                                    /**
                                     * Format: uuid
                                     * @description of the reviewer
                                     */
                                    verdict: string;
                                    /** @description the code that the reviewer gave; undone: a verdict was taken back */
                                    reason?: string;
                                } | null;
                                /** Format: date-time */
                                createdAt: string;
                            } | null;
                            error: {
                                code: string;
                                title: string;
                                detail: string;
                                remedy: string;
                            } | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    ContentsController_submit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    content?: {
                        title?: string;
                        description?: string;
                        /** @description text read off the picture */
                        ocrText?: string;
                        /** @description text heard in the sound */
                        asrText?: string;
                        /** @description prior signals of the author */
                        author?: {
                            /** @description stable identifier in your system */
                            authorId: string;
                            displayName?: string;
                            followers?: number;
                            verified?: boolean;
                            /** @description what the author mostly posts about */
                            topics?: string[];
                            /** @description ISO 3166-1 alpha-2 */
                            region?: string;
                        };
                        /** @description your own key; submitting it twice returns the first content */
                        externalId?: string;
                        /**
                         * @default zh
                         * @enum {string}
                         */
                        language?: "zh" | "en";
                        /**
                         * @description interactive unless said otherwise; backfill waits for everything interactive
                         * @enum {string}
                         */
                        priority?: "interactive" | "backfill";
                    };
                    /** Format: binary */
                    file?: string;
                };
                "application/json": {
                    title?: string;
                    description?: string;
                    /** @description text read off the picture */
                    ocrText?: string;
                    /** @description text heard in the sound */
                    asrText?: string;
                    /** @description prior signals of the author */
                    author?: {
                        /** @description stable identifier in your system */
                        authorId: string;
                        displayName?: string;
                        followers?: number;
                        verified?: boolean;
                        /** @description what the author mostly posts about */
                        topics?: string[];
                        /** @description ISO 3166-1 alpha-2 */
                        region?: string;
                    };
                    /** @description your own key; submitting it twice returns the first content */
                    externalId?: string;
                    /**
                     * @default zh
                     * @enum {string}
                     */
                    language?: "zh" | "en";
                    /**
                     * @description interactive unless said otherwise; backfill waits for everything interactive
                     * @enum {string}
                     */
                    priority?: "interactive" | "backfill";
                };
            };
        };
        responses: {
            /** @description Accepted; `Location` tells where to follow it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @enum {string} */
                        state: "processing" | "published" | "in_review" | "failed";
                        location: string;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    ContentsController_get: {
        parameters: {
            query?: never;
            header: {
                "accept-language": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The content */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        externalId: string | null;
                        /** @enum {string} */
                        state: "processing" | "published" | "in_review" | "failed";
                        revision: number;
                        title: string | null;
                        description: string | null;
                        ocrText: string | null;
                        asrText: string | null;
                        /** @description prior signals of the author */
                        author: {
                            /** @description stable identifier in your system */
                            authorId: string;
                            displayName?: string;
                            followers?: number;
                            verified?: boolean;
                            /** @description what the author mostly posts about */
                            topics?: string[];
                            /** @description ISO 3166-1 alpha-2 */
                            region?: string;
                        } | null;
                        language: string;
                        video: {
                            sha256: string;
                            bytes: number;
                            durationMs: number | null;
                            width: number | null;
                            height: number | null;
                        } | null;
                        stages: {
                            stage: string;
                            /** @enum {string} */
                            state: "waiting" | "ready" | "queued" | "running" | "done" | "failed";
                            attempt: number;
                            /** @description from ready to started */
                            waitMs: number | null;
                            /** @description from started to finished */
                            runMs: number | null;
                            errorCode: string | null;
                        }[];
                        /** @description the visible result: the one with the highest revision */
                        result: {
                            /** Format: uuid */
                            id: string;
                            revision: number;
                            /** @enum {string} */
                            decision: "published" | "published-ancestor" | "review";
                            modalities: ("video" | "text")[];
                            tags: {
                                facet: string;
                                path: string;
                                /** @description of every node on the path, root first */
                                names: {
                                    zh: string;
                                    en: string;
                                }[];
                                /** @description calibrated probability */
                                confidence: number;
                                /** @enum {string} */
                                status: "published" | "candidate";
                            }[];
                            versions: {
                                pack: string;
                                vision: string;
                                text: string;
                                fusion: string;
                                taxonomy: string;
                                sampling: string;
                                /** @description the policy that decided, name/number; without one the pack did */
                                policy?: string;
                                /** @description the encoder of each stream; only where a pack has others than video and text */
                                streams?: {
                                    [key: string]: string;
                                };
                            };
                            /** @description the reviewer who gave this result; null: the model did */
                            origin?: {
                                /** @enum {string} */
                                kind: "model" | "review";
                                /** @description an id, never a name */
                                by: string;
                                /**
                                 * Format: uuid
                                 * @description of the reviewer
                                 */
                                verdict: string;
                                /** @description the code that the reviewer gave; undone: a verdict was taken back */
                                reason?: string;
                            } | null;
                            /** Format: date-time */
                            createdAt: string;
                        } | null;
                        error: {
                            code: string;
                            title: string;
                            detail: string;
                            remedy: string;
                        } | null;
                        /** Format: date-time */
                        createdAt: string;
                        /** Format: date-time */
                        updatedAt: string;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    ContentsController_history: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first, at most 200 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            revision: number;
                            /** @enum {string} */
                            decision: "published" | "published-ancestor" | "review";
                            modalities: ("video" | "text")[];
                            tags: {
                                facet: string;
                                path: string;
                                /** @description of every node on the path, root first */
                                names: {
                                    zh: string;
                                    en: string;
                                }[];
                                /** @description calibrated probability */
                                confidence: number;
                                /** @enum {string} */
                                status: "published" | "candidate";
                            }[];
                            versions: {
                                pack: string;
                                vision: string;
                                text: string;
                                fusion: string;
                                taxonomy: string;
                                sampling: string;
                                /** @description the policy that decided, name/number; without one the pack did */
                                policy?: string;
                                /** @description the encoder of each stream; only where a pack has others than video and text */
                                streams?: {
                                    [key: string]: string;
                                };
                            };
                            /** @description the reviewer who gave this result; null: the model did */
                            origin?: {
                                /** @enum {string} */
                                kind: "model" | "review";
                                /** @description an id, never a name */
                                by: string;
                                /**
                                 * Format: uuid
                                 * @description of the reviewer
                                 */
                                verdict: string;
                                /** @description the code that the reviewer gave; undone: a verdict was taken back */
                                reason?: string;
                            } | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** @enum {string} */
                            decidedBy: "model" | "redecision" | "review";
                            /** @description the rules that sent it to a person */
                            because: {
                                /** @description sensitive-node, new-author, novelty, disagreement or frames-damaged */
                                rule: string;
                                /** @description facet:node, of sensitive-node */
                                node?: string;
                                value?: number;
                                limit?: number;
                            }[] | null;
                            /** @description the review item of this result */
                            review: {
                                /** Format: uuid */
                                itemId: string;
                                reason: string;
                                state: string;
                            } | null;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    ContentsController_retag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @enum {string} */
                        state: "processing" | "published" | "in_review" | "failed";
                        location: string;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    ContentsController_filmstrip: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description WebP, the frames in the order of time */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/webp": string;
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    ErrorsController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    HealthController_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    HealthController_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    HealthController_metricsText: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    LiveController_watch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An event stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    MediaController_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The addresses */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description null where the content is text alone */
                        video: {
                            /** @description the original */
                            url: string;
                            mime: string;
                            /** @description whether browsers in general play it */
                            playable: boolean;
                        } | null;
                        rendition: {
                            /** @enum {string} */
                            state: "none" | "making" | "ready" | "failed";
                            /** @description an MP4 with H.264 and AAC; null unless ready */
                            url: string | null;
                            errorCode: string | null;
                        };
                        /** @description those that the model saw, in order */
                        frames: {
                            timeMs: number;
                            url: string;
                        }[];
                        filmstripUrl: string | null;
                        /** Format: date-time */
                        expiresAt: string;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    MediaFilesController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /**
             * @description Problem document (RFC 9457)
             *
             *     Problem document (RFC 9457)
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    MediaFilesController_head: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As for GET, without the bytes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /**
             * @description Problem document (RFC 9457)
             *
             *     Problem document (RFC 9457)
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    QueuesController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the order of the pipeline */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            queue: string;
                            /**
                             * @description paused: nothing new begins; drained: the queue is emptied besides, and its stages wait in Postgres
                             * @enum {string}
                             */
                            state: "running" | "paused" | "drained";
                            /**
                             * Format: date-time
                             * @description since when it is paused or drained
                             */
                            since: string | null;
                            /** @description stages of every workspace, from Postgres */
                            stages: {
                                ready: number;
                                queued: number;
                                running: number;
                                failed: number;
                            };
                            /** @description how long the oldest stage has been waiting */
                            oldestAgeSeconds: number | null;
                            /** @description what the queue itself holds; null while its store does not answer */
                            jobs: {
                                waiting: number;
                                prioritized: number;
                                delayed: number;
                                active: number;
                            } | null;
                            /** @description of QUEUE_CONCURRENCY in this process; null: what the service sets */
                            concurrency: number | null;
                            /** @description of QUEUE_RATES in this process */
                            rate: {
                                max: number;
                                durationMs: number;
                            } | null;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    QueuesController_pause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Held within a second where a relay leads */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        queue: string;
                        /**
                         * @description paused: nothing new begins; drained: the queue is emptied besides, and its stages wait in Postgres
                         * @enum {string}
                         */
                        state: "running" | "paused" | "drained";
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    QueuesController_drain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Empty when its `jobs` are 0 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        queue: string;
                        /**
                         * @description paused: nothing new begins; drained: the queue is emptied besides, and its stages wait in Postgres
                         * @enum {string}
                         */
                        state: "running" | "paused" | "drained";
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    QueuesController_resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Running */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        queue: string;
                        /**
                         * @description paused: nothing new begins; drained: the queue is emptied besides, and its stages wait in Postgres
                         * @enum {string}
                         */
                        state: "running" | "paused" | "drained";
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    RerunsController_list: {
        parameters: {
            query?: {
                cursor?: unknown;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, and the cursor of the next */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            contents: "missing" | "all" | "failed";
                            stages: string[];
                            codes: string[];
                            pack: string;
                            /**
                             * @description superseded: another pack came into force in the middle
                             * @enum {string}
                             */
                            state: "running" | "done" | "stopped" | "superseded";
                            /** @description contents of the workspace when it began */
                            total: number;
                            examined: number;
                            /** @description contents sent through the pipeline */
                            restarted: number;
                            /** @description contents that were being tagged with another pack; taken at the end */
                            postponed: number;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            finishedAt: string | null;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    RerunsController_start: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description missing: without a prediction of the pack in force; all: every content; failed: those that failed
                     * @enum {string}
                     */
                    contents: "missing" | "all" | "failed";
                    /** @description of failed: only where a stage of this queue failed */
                    queue?: string;
                    /** @description of failed: only where this stage failed */
                    stage?: string;
                    /** @description of failed: only these codes; without it, all that trying again can help */
                    codes?: string[];
                };
            };
        };
        responses: {
            /** @description Begun; `Location` tells where to follow it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @enum {string} */
                        contents: "missing" | "all" | "failed";
                        stages: string[];
                        codes: string[];
                        pack: string;
                        /**
                         * @description superseded: another pack came into force in the middle
                         * @enum {string}
                         */
                        state: "running" | "done" | "stopped" | "superseded";
                        /** @description contents of the workspace when it began */
                        total: number;
                        examined: number;
                        /** @description contents sent through the pipeline */
                        restarted: number;
                        /** @description contents that were being tagged with another pack; taken at the end */
                        postponed: number;
                        /** Format: date-time */
                        createdAt: string;
                        /** Format: date-time */
                        finishedAt: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    RerunsController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rerun */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @enum {string} */
                        contents: "missing" | "all" | "failed";
                        stages: string[];
                        codes: string[];
                        pack: string;
                        /**
                         * @description superseded: another pack came into force in the middle
                         * @enum {string}
                         */
                        state: "running" | "done" | "stopped" | "superseded";
                        /** @description contents of the workspace when it began */
                        total: number;
                        examined: number;
                        /** @description contents sent through the pipeline */
                        restarted: number;
                        /** @description contents that were being tagged with another pack; taken at the end */
                        postponed: number;
                        /** Format: date-time */
                        createdAt: string;
                        /** Format: date-time */
                        finishedAt: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    RerunsController_stop: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rerun */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @enum {string} */
                        contents: "missing" | "all" | "failed";
                        stages: string[];
                        codes: string[];
                        pack: string;
                        /**
                         * @description superseded: another pack came into force in the middle
                         * @enum {string}
                         */
                        state: "running" | "done" | "stopped" | "superseded";
                        /** @description contents of the workspace when it began */
                        total: number;
                        examined: number;
                        /** @description contents sent through the pipeline */
                        restarted: number;
                        /** @description contents that were being tagged with another pack; taken at the end */
                        postponed: number;
                        /** Format: date-time */
                        createdAt: string;
                        /** Format: date-time */
                        finishedAt: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    TaxonomyController_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Facets and their nodes, parents before children */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        pack: string;
                        version: string;
                        facets: {
                            id: string;
                            /** @enum {string} */
                            kind: "single" | "multi";
                            names: {
                                zh: string;
                                en: string;
                            };
                            nodes: {
                                id: string;
                                path: string;
                                parent: string | null;
                                leaf: boolean;
                                names: {
                                    zh: string;
                                    en: string;
                                };
                                synonyms: {
                                    zh: string[];
                                    en: string[];
                                };
                            }[];
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    ItemsController_list: {
        parameters: {
            query?: {
                cursor?: unknown;
                limit?: number;
                route?: "review" | "decide" | "hold";
                order?: "newest" | "rank";
                state?: "open" | "superseded";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, and the cursor of the next */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            contentId: string;
                            revision: number;
                            /** @enum {string} */
                            reason: "uncertain" | "ancestor-only";
                            /** @enum {string} */
                            state: "open" | "superseded";
                            title: string | null;
                            tags: {
                                facet: string;
                                path: string;
                                /** @description of every node on the path, root first */
                                names: {
                                    zh: string;
                                    en: string;
                                }[];
                                /** @description calibrated probability */
                                confidence: number;
                                /** @enum {string} */
                                status: "published" | "candidate";
                            }[];
                            /** Format: date-time */
                            createdAt: string;
                            /** @description the truth of each facet is among its candidates with this probability; null: not promised */
                            candidateCoverage?: number | null;
                            /** @description by which the candidate set can be computed again */
                            candidateUnit?: number | null;
                            /** @description candidates that are too many to be shown */
                            candidatesLeftOut?: number;
                            /** @description for which a person looks, whatever the scores say */
                            rules?: {
                                /** @description sensitive-node, new-author, novelty, disagreement or frames-damaged */
                                rule: string;
                                /** @description facet:node, of sensitive-node */
                                node?: string;
                                value?: number;
                                limit?: number;
                            }[];
                            /**
                             * @description decide: what the machine decided stands, until there is more capacity; null: not routed yet
                             * @enum {string|null}
                             */
                            route?: "review" | "decide" | "hold" | null;
                            because?: {
                                rules?: {
                                    /** @description sensitive-node, new-author, novelty, disagreement or frames-damaged */
                                    rule: string;
                                    /** @description facet:node, of sensitive-node */
                                    node?: string;
                                    value?: number;
                                    limit?: number;
                                }[];
                                /** @description expected cost that a minute on this item avoids */
                                perMinute?: number;
                                /** @description expected cost that one more minute of a reviewer would avoid */
                                price?: number;
                            } | null;
                            /** @description the smaller, the earlier; it is not a place */
                            rank?: number;
                            /** @description the policy whose costs counted, name/number; null: none */
                            routedBy?: string | null;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    RoutingController_capacity: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The capacity, and who said so */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description who are on duty now; half a person is 0.5 */
                        reviewers: number;
                        /** @description within which an item is to be looked at */
                        slaMinutes: number;
                        /** @description what one item takes a reviewer */
                        minutesPerItem: number;
                        setBy: string;
                        /** Format: date-time */
                        setAt: string;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    RoutingController_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description who are on duty now; half a person is 0.5 */
                    reviewers: number;
                    /** @description within which an item is to be looked at */
                    slaMinutes: number;
                    /**
                     * @description what one item takes a reviewer
                     * @default 0.5
                     */
                    minutesPerItem?: number;
                };
            };
        };
        responses: {
            /** @description The capacity from now on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description who are on duty now; half a person is 0.5 */
                        reviewers: number;
                        /** @description within which an item is to be looked at */
                        slaMinutes: number;
                        /** @description what one item takes a reviewer */
                        minutesPerItem: number;
                        setBy: string;
                        /** Format: date-time */
                        setAt: string;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    RoutingController_routing: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The last routing */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        routedAt: string;
                        /** @description whose costs counted, name/number; null: none, each error costs 1 */
                        policy: string | null;
                        items: {
                            review: number;
                            decide: number;
                            hold: number;
                        };
                        /** @description open items that are older than the SLA */
                        late: number;
                        /** @description expected cost that one more minute of a reviewer would avoid */
                        minutePrice: number;
                        minutesUsed: number;
                        /** @description expected cost that the reviews avoid */
                        costAvoided: number;
                        /** @description expected cost of what nobody looks at */
                        costLeft: number;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    ClaimsController_claim: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default all */
                    queue?: string;
                    /**
                     * @description how many the caller holds afterwards, at most
                     * @default 3
                     */
                    count?: number;
                };
            };
        };
        responses: {
            /** @description What the caller holds now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        claims: {
                            item: {
                                /** Format: uuid */
                                id: string;
                                /** Format: uuid */
                                contentId: string;
                                revision: number;
                                /** @enum {string} */
                                reason: "uncertain" | "ancestor-only";
                                /** @enum {string} */
                                state: "open" | "decided" | "superseded";
                                title: string | null;
                                tags: {
                                    facet: string;
                                    path: string;
                                    /** @description of every node on the path, root first */
                                    names: {
                                        zh: string;
                                        en: string;
                                    }[];
                                    /** @description calibrated probability */
                                    confidence: number;
                                    /** @enum {string} */
                                    status: "published" | "candidate";
                                }[];
                                /** Format: date-time */
                                createdAt: string;
                                /** @description the truth of each facet is among its candidates with this probability; null: not promised */
                                candidateCoverage?: number | null;
                                /** @description by which the candidate set can be computed again */
                                candidateUnit?: number | null;
                                /** @description candidates that are too many to be shown */
                                candidatesLeftOut?: number;
                                /** @description for which a person looks, whatever the scores say */
                                rules?: {
                                    /** @description sensitive-node, new-author, novelty, disagreement or frames-damaged */
                                    rule: string;
                                    /** @description facet:node, of sensitive-node */
                                    node?: string;
                                    value?: number;
                                    limit?: number;
                                }[];
                                /**
                                 * @description decide: what the machine decided stands, until there is more capacity; null: not routed yet
                                 * @enum {string|null}
                                 */
                                route?: "review" | "decide" | "hold" | null;
                                because?: {
                                    rules?: {
                                        /** @description sensitive-node, new-author, novelty, disagreement or frames-damaged */
                                        rule: string;
                                        /** @description facet:node, of sensitive-node */
                                        node?: string;
                                        value?: number;
                                        limit?: number;
                                    }[];
                                    /** @description expected cost that a minute on this item avoids */
                                    perMinute?: number;
                                    /** @description expected cost that one more minute of a reviewer would avoid */
                                    price?: number;
                                } | null;
                                /** @description the smaller, the earlier; it is not a place */
                                rank?: number;
                                /** @description the policy whose costs counted, name/number; null: none */
                                routedBy?: string | null;
                                text: {
                                    title: string | null;
                                    description: string | null;
                                    ocr: string | null;
                                    asr: string | null;
                                    author: {
                                        id: string;
                                        name: string | null;
                                    } | null;
                                };
                                language: string;
                                /** @description what the model saw */
                                frames: {
                                    timeMs: number;
                                }[];
                                durationMs: number | null;
                                /** @enum {string} */
                                priority: "interactive" | "backfill";
                                queue: string;
                                /**
                                 * Format: date-time
                                 * @description by the SLA of the review capacity; null: nobody has said one
                                 */
                                dueAt: string | null;
                                holder: {
                                    actor: string;
                                    /** Format: date-time */
                                    leaseUntil: string;
                                } | null;
                                /** @description what accept without tags takes */
                                suggestion: {
                                    facet: string;
                                    /** @description node ids from the root, joined by '/' */
                                    path: string;
                                }[];
                                /** @description of whoever asks */
                                draft: {
                                    tags?: {
                                        facet: string;
                                        /** @description node ids from the root, joined by '/' */
                                        path: string;
                                    }[];
                                    note?: string;
                                    evidence?: {
                                        startMs: number;
                                        endMs: number;
                                    }[];
                                } | null;
                                notes: {
                                    who: string;
                                    /** Format: date-time */
                                    at: string;
                                    text: string;
                                }[];
                                /** @description that sent it here, name/number; null: the pack did */
                                policy: {
                                    ref: string;
                                    targets: {
                                        facet: string;
                                        /** @description id of a node: the promise is for contents whose likeliest leaf is below it; without it, for all others */
                                        under?: string;
                                        /** @description of what is published at most this share is wrong */
                                        error: number;
                                    }[];
                                } | null;
                                /** @description the tree that tags are chosen from, name/version */
                                taxonomy: string;
                                versions: {
                                    pack: string;
                                    vision: string;
                                    text: string;
                                    fusion: string;
                                    taxonomy: string;
                                    sampling: string;
                                    /** @description the policy that decided, name/number; without one the pack did */
                                    policy?: string;
                                    /** @description the encoder of each stream; only where a pack has others than video and text */
                                    streams?: {
                                        [key: string]: string;
                                    };
                                };
                            };
                            /** @description goes with everything that is done with the item */
                            token: number;
                            /** Format: date-time */
                            leaseUntil: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    ClaimsController_heartbeat: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    claims: {
                        /** Format: uuid */
                        itemId: string;
                        token: number;
                    }[];
                };
            };
        };
        responses: {
            /** @description What is still held, and what is not */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        held: {
                            /** Format: uuid */
                            itemId: string;
                            /** Format: date-time */
                            leaseUntil: string;
                        }[];
                        lost: {
                            /** Format: uuid */
                            itemId: string;
                            /** @enum {string} */
                            because: "expired" | "released" | "superseded" | "decided" | "deleted";
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    ClaimsController_release: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    claims: {
                        /** Format: uuid */
                        itemId: string;
                        token: number;
                    }[];
                };
            };
        };
        responses: {
            /** @description The caller holds none of them any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    ReviewQueuesController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description all and escalated are always there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description all is every item; the others share them out */
                        queues: {
                            name: string;
                            title: {
                                zh: string;
                                en: string;
                            };
                            rule: {
                                /** @description whose likeliest tag counts for `under` */
                                facet?: string;
                                /** @description the likeliest tag is this path, or lies under it */
                                under?: string;
                                /** @enum {string} */
                                language?: "zh" | "en";
                                /** @enum {string} */
                                priority?: "interactive" | "backfill";
                                /** @description a rule for sensitive nodes sent it */
                                sensitive?: boolean;
                            };
                            /** @description items that wait for a person, also those that somebody holds */
                            open: number;
                            claimed: number;
                            /** @description older than the SLA of the review capacity; 0 where nobody has said one */
                            late: number;
                            /** Format: date-time */
                            oldestAt: string | null;
                            paused: boolean;
                            doubleShare?: number;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    ReviewQueuesController_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    title: {
                        zh: string;
                        en: string;
                    };
                    /** @default {} */
                    rule?: {
                        /** @description whose likeliest tag counts for `under` */
                        facet?: string;
                        /** @description the likeliest tag is this path, or lies under it */
                        under?: string;
                        /** @enum {string} */
                        language?: "zh" | "en";
                        /** @enum {string} */
                        priority?: "interactive" | "backfill";
                        /** @description a rule for sensitive nodes sent it */
                        sensitive?: boolean;
                    };
                    /**
                     * @description nothing of it is handed out
                     * @default false
                     */
                    paused?: boolean;
                    /**
                     * @description of its items: two people look at each without knowing of the other, and a lead where they differ
                     * @default 0
                     */
                    doubleShare?: number;
                };
            };
        };
        responses: {
            /** @description The queues from now on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description all is every item; the others share them out */
                        queues: {
                            name: string;
                            title: {
                                zh: string;
                                en: string;
                            };
                            rule: {
                                /** @description whose likeliest tag counts for `under` */
                                facet?: string;
                                /** @description the likeliest tag is this path, or lies under it */
                                under?: string;
                                /** @enum {string} */
                                language?: "zh" | "en";
                                /** @enum {string} */
                                priority?: "interactive" | "backfill";
                                /** @description a rule for sensitive nodes sent it */
                                sensitive?: boolean;
                            };
                            /** @description items that wait for a person, also those that somebody holds */
                            open: number;
                            claimed: number;
                            /** @description older than the SLA of the review capacity; 0 where nobody has said one */
                            late: number;
                            /** Format: date-time */
                            oldestAt: string | null;
                            paused: boolean;
                            doubleShare?: number;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    ReviewQueuesController_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    VerdictsController_list: {
        parameters: {
            query?: {
                cursor?: unknown;
                limit?: number;
                who?: unknown;
                itemId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, and the cursor of the next */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            itemId: string;
                            /** Format: uuid */
                            contentId: string;
                            /** @enum {string} */
                            action: "accept" | "correct" | "reject" | "skip" | "escalate";
                            /** @description what is published by it */
                            tags: {
                                facet: string;
                                /** @description node ids from the root, joined by '/' */
                                path: string;
                            }[];
                            /** @description what was suggested */
                            suggested: {
                                facet: string;
                                /** @description node ids from the root, joined by '/' */
                                path: string;
                            }[];
                            reason: string | null;
                            note: string | null;
                            evidence: {
                                startMs: number;
                                endMs: number;
                            }[];
                            who: string;
                            /** Format: date-time */
                            at: string;
                            /**
                             * @description waiting: it is published at publishesAt and can be undone freely; none: it publishes nothing
                             * @enum {string}
                             */
                            state: "waiting" | "published" | "undone" | "none";
                            /** Format: date-time */
                            publishesAt: string | null;
                            /** @description of the content, once it is published */
                            revision: number | null;
                            undoneBy: string | null;
                            /** Format: date-time */
                            undoneAt: string | null;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    VerdictsController_give: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: uuid
                     * @description made by the client; the same id again is the same verdict
                     */
                    id: string;
                    /** Format: uuid */
                    itemId: string;
                    /** @description of the claim */
                    token: number;
                    /** @enum {string} */
                    action: "accept" | "correct" | "reject" | "skip" | "escalate";
                    /** @description what is true; accept without them takes what is suggested; facets that are not named stay as suggested */
                    tags?: {
                        facet: string;
                        /** @description node ids from the root, joined by '/' */
                        path: string;
                    }[];
                    /** @description a code, such as wrong-topic */
                    reason?: string;
                    note?: string;
                    evidence?: {
                        startMs: number;
                        endMs: number;
                    }[];
                };
            };
        };
        responses: {
            /** @description The verdict */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** Format: uuid */
                        itemId: string;
                        /** Format: uuid */
                        contentId: string;
                        /** @enum {string} */
                        action: "accept" | "correct" | "reject" | "skip" | "escalate";
                        /** @description what is published by it */
                        tags: {
                            facet: string;
                            /** @description node ids from the root, joined by '/' */
                            path: string;
                        }[];
                        /** @description what was suggested */
                        suggested: {
                            facet: string;
                            /** @description node ids from the root, joined by '/' */
                            path: string;
                        }[];
                        reason: string | null;
                        note: string | null;
                        evidence: {
                            startMs: number;
                            endMs: number;
                        }[];
                        who: string;
                        /** Format: date-time */
                        at: string;
                        /**
                         * @description waiting: it is published at publishesAt and can be undone freely; none: it publishes nothing
                         * @enum {string}
                         */
                        state: "waiting" | "published" | "undone" | "none";
                        /** Format: date-time */
                        publishesAt: string | null;
                        /** @description of the content, once it is published */
                        revision: number | null;
                        undoneBy: string | null;
                        /** Format: date-time */
                        undoneAt: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    VerdictsController_undo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The verdict, undone */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** Format: uuid */
                        itemId: string;
                        /** Format: uuid */
                        contentId: string;
                        /** @enum {string} */
                        action: "accept" | "correct" | "reject" | "skip" | "escalate";
                        /** @description what is published by it */
                        tags: {
                            facet: string;
                            /** @description node ids from the root, joined by '/' */
                            path: string;
                        }[];
                        /** @description what was suggested */
                        suggested: {
                            facet: string;
                            /** @description node ids from the root, joined by '/' */
                            path: string;
                        }[];
                        reason: string | null;
                        note: string | null;
                        evidence: {
                            startMs: number;
                            endMs: number;
                        }[];
                        who: string;
                        /** Format: date-time */
                        at: string;
                        /**
                         * @description waiting: it is published at publishesAt and can be undone freely; none: it publishes nothing
                         * @enum {string}
                         */
                        state: "waiting" | "published" | "undone" | "none";
                        /** Format: date-time */
                        publishesAt: string | null;
                        /** @description of the content, once it is published */
                        revision: number | null;
                        undoneBy: string | null;
                        /** Format: date-time */
                        undoneAt: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    TasksController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The item */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** Format: uuid */
                        contentId: string;
                        revision: number;
                        /** @enum {string} */
                        reason: "uncertain" | "ancestor-only";
                        /** @enum {string} */
                        state: "open" | "decided" | "superseded";
                        title: string | null;
                        tags: {
                            facet: string;
                            path: string;
                            /** @description of every node on the path, root first */
                            names: {
                                zh: string;
                                en: string;
                            }[];
                            /** @description calibrated probability */
                            confidence: number;
                            /** @enum {string} */
                            status: "published" | "candidate";
                        }[];
                        /** Format: date-time */
                        createdAt: string;
                        /** @description the truth of each facet is among its candidates with this probability; null: not promised */
                        candidateCoverage?: number | null;
                        /** @description by which the candidate set can be computed again */
                        candidateUnit?: number | null;
                        /** @description candidates that are too many to be shown */
                        candidatesLeftOut?: number;
                        /** @description for which a person looks, whatever the scores say */
                        rules?: {
                            /** @description sensitive-node, new-author, novelty, disagreement or frames-damaged */
                            rule: string;
                            /** @description facet:node, of sensitive-node */
                            node?: string;
                            value?: number;
                            limit?: number;
                        }[];
                        /**
                         * @description decide: what the machine decided stands, until there is more capacity; null: not routed yet
                         * @enum {string|null}
                         */
                        route?: "review" | "decide" | "hold" | null;
                        because?: {
                            rules?: {
                                /** @description sensitive-node, new-author, novelty, disagreement or frames-damaged */
                                rule: string;
                                /** @description facet:node, of sensitive-node */
                                node?: string;
                                value?: number;
                                limit?: number;
                            }[];
                            /** @description expected cost that a minute on this item avoids */
                            perMinute?: number;
                            /** @description expected cost that one more minute of a reviewer would avoid */
                            price?: number;
                        } | null;
                        /** @description the smaller, the earlier; it is not a place */
                        rank?: number;
                        /** @description the policy whose costs counted, name/number; null: none */
                        routedBy?: string | null;
                        text: {
                            title: string | null;
                            description: string | null;
                            ocr: string | null;
                            asr: string | null;
                            author: {
                                id: string;
                                name: string | null;
                            } | null;
                        };
                        language: string;
                        /** @description what the model saw */
                        frames: {
                            timeMs: number;
                        }[];
                        durationMs: number | null;
                        /** @enum {string} */
                        priority: "interactive" | "backfill";
                        queue: string;
                        /**
                         * Format: date-time
                         * @description by the SLA of the review capacity; null: nobody has said one
                         */
                        dueAt: string | null;
                        holder: {
                            actor: string;
                            /** Format: date-time */
                            leaseUntil: string;
                        } | null;
                        /** @description what accept without tags takes */
                        suggestion: {
                            facet: string;
                            /** @description node ids from the root, joined by '/' */
                            path: string;
                        }[];
                        /** @description of whoever asks */
                        draft: {
                            tags?: {
                                facet: string;
                                /** @description node ids from the root, joined by '/' */
                                path: string;
                            }[];
                            note?: string;
                            evidence?: {
                                startMs: number;
                                endMs: number;
                            }[];
                        } | null;
                        notes: {
                            who: string;
                            /** Format: date-time */
                            at: string;
                            text: string;
                        }[];
                        /** @description that sent it here, name/number; null: the pack did */
                        policy: {
                            ref: string;
                            targets: {
                                facet: string;
                                /** @description id of a node: the promise is for contents whose likeliest leaf is below it; without it, for all others */
                                under?: string;
                                /** @description of what is published at most this share is wrong */
                                error: number;
                            }[];
                        } | null;
                        /** @description the tree that tags are chosen from, name/version */
                        taxonomy: string;
                        versions: {
                            pack: string;
                            vision: string;
                            text: string;
                            fusion: string;
                            taxonomy: string;
                            sampling: string;
                            /** @description the policy that decided, name/number; without one the pack did */
                            policy?: string;
                            /** @description the encoder of each stream; only where a pack has others than video and text */
                            streams?: {
                                [key: string]: string;
                            };
                        };
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    TasksController_keepDraft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description of the claim */
                    token: number;
                    draft: {
                        tags?: {
                            facet: string;
                            /** @description node ids from the root, joined by '/' */
                            path: string;
                        }[];
                        note?: string;
                        evidence?: {
                            startMs: number;
                            endMs: number;
                        }[];
                    };
                };
            };
        };
        responses: {
            /** @description It is kept */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    TasksController_addNote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    text: string;
                };
            };
        };
        responses: {
            /** @description The item with its notes */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** Format: uuid */
                        contentId: string;
                        revision: number;
                        /** @enum {string} */
                        reason: "uncertain" | "ancestor-only";
                        /** @enum {string} */
                        state: "open" | "decided" | "superseded";
                        title: string | null;
                        tags: {
                            facet: string;
                            path: string;
                            /** @description of every node on the path, root first */
                            names: {
                                zh: string;
                                en: string;
                            }[];
                            /** @description calibrated probability */
                            confidence: number;
                            /** @enum {string} */
                            status: "published" | "candidate";
                        }[];
                        /** Format: date-time */
                        createdAt: string;
                        /** @description the truth of each facet is among its candidates with this probability; null: not promised */
                        candidateCoverage?: number | null;
                        /** @description by which the candidate set can be computed again */
                        candidateUnit?: number | null;
                        /** @description candidates that are too many to be shown */
                        candidatesLeftOut?: number;
                        /** @description for which a person looks, whatever the scores say */
                        rules?: {
                            /** @description sensitive-node, new-author, novelty, disagreement or frames-damaged */
                            rule: string;
                            /** @description facet:node, of sensitive-node */
                            node?: string;
                            value?: number;
                            limit?: number;
                        }[];
                        /**
                         * @description decide: what the machine decided stands, until there is more capacity; null: not routed yet
                         * @enum {string|null}
                         */
                        route?: "review" | "decide" | "hold" | null;
                        because?: {
                            rules?: {
                                /** @description sensitive-node, new-author, novelty, disagreement or frames-damaged */
                                rule: string;
                                /** @description facet:node, of sensitive-node */
                                node?: string;
                                value?: number;
                                limit?: number;
                            }[];
                            /** @description expected cost that a minute on this item avoids */
                            perMinute?: number;
                            /** @description expected cost that one more minute of a reviewer would avoid */
                            price?: number;
                        } | null;
                        /** @description the smaller, the earlier; it is not a place */
                        rank?: number;
                        /** @description the policy whose costs counted, name/number; null: none */
                        routedBy?: string | null;
                        text: {
                            title: string | null;
                            description: string | null;
                            ocr: string | null;
                            asr: string | null;
                            author: {
                                id: string;
                                name: string | null;
                            } | null;
                        };
                        language: string;
                        /** @description what the model saw */
                        frames: {
                            timeMs: number;
                        }[];
                        durationMs: number | null;
                        /** @enum {string} */
                        priority: "interactive" | "backfill";
                        queue: string;
                        /**
                         * Format: date-time
                         * @description by the SLA of the review capacity; null: nobody has said one
                         */
                        dueAt: string | null;
                        holder: {
                            actor: string;
                            /** Format: date-time */
                            leaseUntil: string;
                        } | null;
                        /** @description what accept without tags takes */
                        suggestion: {
                            facet: string;
                            /** @description node ids from the root, joined by '/' */
                            path: string;
                        }[];
                        /** @description of whoever asks */
                        draft: {
                            tags?: {
                                facet: string;
                                /** @description node ids from the root, joined by '/' */
                                path: string;
                            }[];
                            note?: string;
                            evidence?: {
                                startMs: number;
                                endMs: number;
                            }[];
                        } | null;
                        notes: {
                            who: string;
                            /** Format: date-time */
                            at: string;
                            text: string;
                        }[];
                        /** @description that sent it here, name/number; null: the pack did */
                        policy: {
                            ref: string;
                            targets: {
                                facet: string;
                                /** @description id of a node: the promise is for contents whose likeliest leaf is below it; without it, for all others */
                                under?: string;
                                /** @description of what is published at most this share is wrong */
                                error: number;
                            }[];
                        } | null;
                        /** @description the tree that tags are chosen from, name/version */
                        taxonomy: string;
                        versions: {
                            pack: string;
                            vision: string;
                            text: string;
                            fusion: string;
                            taxonomy: string;
                            sampling: string;
                            /** @description the policy that decided, name/number; without one the pack did */
                            policy?: string;
                            /** @description the encoder of each stream; only where a pack has others than video and text */
                            streams?: {
                                [key: string]: string;
                            };
                        };
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    QualityController_get: {
        parameters: {
            query?: {
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The last days */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        days: number;
                        reviewers: {
                            who: string;
                            /** @description accepted, corrected or rejected */
                            verdicts: number;
                            skipped: number;
                            escalated: number;
                            undone: number;
                            /** @description verdicts an hour of work; null: none */
                            perHour: number | null;
                            /** @description from the claim, or the verdict before where that was later, to the verdict */
                            medianSeconds: number | null;
                            /** @description of the verdicts: something else than the suggestion */
                            overrideRate: number | null;
                        }[];
                        /** @description of each pair who looked at the same items without knowing of each other */
                        agreement: {
                            one: string;
                            other: string;
                            items: number;
                            agreed: number;
                        }[];
                        doubleReviewed: number;
                        agreementRate: number | null;
                        /** @description agreement beyond chance, Fleiss' kappa of two answers an item; null: too few, or nobody ever differs */
                        kappa: number | null;
                        /** @description what was suggested and what was said instead, the most frequent first; null: nothing of the facet */
                        confused: {
                            facet: string;
                            suggested: string;
                            said: string | null;
                            count: number;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    LabelsController_list: {
        parameters: {
            query?: {
                cursor?: unknown;
                limit?: number;
                /** @description also labels that a later word has superseded */
                history?: boolean;
                source?: "import" | "review" | "audit" | "gold";
                facet?: unknown;
                contentId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, and the cursor of the next */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            contentId: string;
                            externalId: string | null;
                            facet: string;
                            /** @description null: none of the facet's nodes fits */
                            path: string | null;
                            taxonomy: string;
                            /** @enum {string} */
                            source: "import" | "review" | "audit" | "gold";
                            who: string;
                            /** Format: date-time */
                            at: string;
                            propensity: number | null;
                            /** Format: date-time */
                            createdAt: string;
                            /**
                             * Format: date-time
                             * @description since when a later word of the same source on the same content and facet counts instead
                             */
                            supersededAt: string | null;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    LabelsController_store: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: uuid */
                    contentId?: string;
                    externalId?: string;
                    /** @description refused where several contents have this video */
                    videoSha256?: string;
                    facet: string;
                    /** @description node ids from the root, joined by '/'; null: none of the facet's nodes fits */
                    path: string | null;
                    /** @description the tree that the path is of; the one in force unless given */
                    taxonomy?: string;
                    /** @enum {string} */
                    source: "import" | "review" | "audit" | "gold";
                    /** @description who says so: a person, a team or a tool; the calling key unless given */
                    who?: string;
                    /**
                     * Format: date-time
                     * @description when it was said, now unless given; with the rest it tells a repetition, so give it if you may send again
                     */
                    at?: string;
                    /**
                     * @description probability with which the content was chosen to be looked at, from 0.001; null: unknown
                     * @default null
                     */
                    propensity?: number | null;
                }[];
            };
        };
        responses: {
            /** @description What became of each label */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        stored: number;
                        known: number;
                        refused: number;
                        /** @description one for each label, in the order of the request */
                        results: {
                            /**
                             * @description known: this very label had been stored before
                             * @enum {string}
                             */
                            outcome: "stored" | "known" | "refused";
                            /**
                             * @description why it was refused
                             * @enum {string|null}
                             */
                            reason: "malformed" | "content-unknown" | "content-ambiguous" | "taxonomy-unknown" | "facet-unknown" | "node-unknown" | "contradiction" | "propensity-too-small" | null;
                            detail: string | null;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    PoliciesController_list: {
        parameters: {
            query?: {
                cursor?: unknown;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, and the cursor of the next */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            /** @description name/number */
                            ref: string;
                            /** @enum {string} */
                            state: "draft" | "replayed" | "active" | "retired";
                            pack: string;
                            /** @description targets, thresholds by facet and streams, and their proofs */
                            document: {
                                [key: string]: unknown;
                            };
                            replay: {
                                contents: number;
                                /** @description results of the pack whose scores were not kept */
                                undecidable: number;
                                decisions: {
                                    before: {
                                        published: number;
                                        "published-ancestor": number;
                                        review: number;
                                    };
                                    after: {
                                        published: number;
                                        "published-ancestor": number;
                                        review: number;
                                    };
                                };
                                /** @description share that is published, at any depth */
                                coverage: {
                                    before: number;
                                    after: number;
                                };
                                /** @description reviewer minutes for the contents that were replayed */
                                reviewMinutes: {
                                    before: number;
                                    after: number;
                                };
                                /** @description of the contents with a truth: how many are published, and how many of those wrongly */
                                judged: {
                                    contents: number;
                                    published: number;
                                    wrong: number;
                                };
                                flips: {
                                    facet: string;
                                    /** @description published path; null: none */
                                    before: string | null;
                                    after: string | null;
                                    contents: number;
                                    examples: string[];
                                }[];
                                /** @description coverage by the likeliest root */
                                classes: {
                                    facet: string;
                                    node: string;
                                    contents: number;
                                    before: number;
                                    after: number;
                                }[];
                            } | null;
                            createdBy: string;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            replayedAt: string | null;
                            activatedBy: string | null;
                            /** Format: date-time */
                            activatedAt: string | null;
                            /** Format: date-time */
                            retiredAt: string | null;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    PoliciesController_draft: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    targets: {
                        facet: string;
                        /** @description id of a node: the promise is for contents whose likeliest leaf is below it; without it, for all others */
                        under?: string;
                        /** @description of what is published at most this share is wrong */
                        error: number;
                    }[];
                    /**
                     * @description how likely it is at most that a promise does not hold
                     * @default 0.1
                     */
                    delta?: number;
                    /** @description share of what the policy publishes that goes to blind review; without it, AUDIT_SHARE */
                    auditShare?: number;
                    /** @description name/number or id of a calibration of the pack in force; without it one is fitted and stored */
                    calibration?: string;
                    candidates?: {
                        /**
                         * @description the truth may be missing from this share of the candidate sets; without it 0.1
                         * @default 0.1
                         */
                        error?: number;
                    };
                    /**
                     * @description of a multi facet: a parent rises to its likeliest child, or a child falls to its parent
                     * @enum {string}
                     */
                    coherence?: "max-up" | "min-down";
                    /** @description who looks at what */
                    routing?: {
                        rules?: {
                            sensitive?: {
                                /**
                                 * @description every node that the tree marks as sensitive
                                 * @default false
                                 */
                                tree?: boolean;
                                /**
                                 * @description further nodes, each with everything under it
                                 * @default []
                                 */
                                nodes?: string[];
                            };
                            newAuthor?: {
                                /** @description an author with fewer contents before is new */
                                contentsMin: number;
                            };
                            novelty?: {
                                /** @description quantile of the distance to the labelled contents, such as 0.99 */
                                max: number;
                            };
                            disagreement?: {
                                /** @description total variation between the streams, each decided alone */
                                max: number;
                            };
                            damagedFrames?: {
                                /** @description share of the packets that could not be decoded */
                                max: number;
                            };
                        };
                        costs?: {
                            /** @default 1 */
                            default?: number;
                            /**
                             * @description of a node and what is under it, unless that has its own
                             * @default {}
                             */
                            nodes?: {
                                [key: string]: number;
                            };
                        };
                    };
                };
            };
        };
        responses: {
            /** @description The draft, with its thresholds and their proofs */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @description name/number */
                        ref: string;
                        /** @enum {string} */
                        state: "draft" | "replayed" | "active" | "retired";
                        pack: string;
                        /** @description targets, thresholds by facet and streams, and their proofs */
                        document: {
                            [key: string]: unknown;
                        };
                        replay: {
                            contents: number;
                            /** @description results of the pack whose scores were not kept */
                            undecidable: number;
                            decisions: {
                                before: {
                                    published: number;
                                    "published-ancestor": number;
                                    review: number;
                                };
                                after: {
                                    published: number;
                                    "published-ancestor": number;
                                    review: number;
                                };
                            };
                            /** @description share that is published, at any depth */
                            coverage: {
                                before: number;
                                after: number;
                            };
                            /** @description reviewer minutes for the contents that were replayed */
                            reviewMinutes: {
                                before: number;
                                after: number;
                            };
                            /** @description of the contents with a truth: how many are published, and how many of those wrongly */
                            judged: {
                                contents: number;
                                published: number;
                                wrong: number;
                            };
                            flips: {
                                facet: string;
                                /** @description published path; null: none */
                                before: string | null;
                                after: string | null;
                                contents: number;
                                examples: string[];
                            }[];
                            /** @description coverage by the likeliest root */
                            classes: {
                                facet: string;
                                node: string;
                                contents: number;
                                before: number;
                                after: number;
                            }[];
                        } | null;
                        createdBy: string;
                        /** Format: date-time */
                        createdAt: string;
                        /** Format: date-time */
                        replayedAt: string | null;
                        activatedBy: string | null;
                        /** Format: date-time */
                        activatedAt: string | null;
                        /** Format: date-time */
                        retiredAt: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    PoliciesController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The policy */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @description name/number */
                        ref: string;
                        /** @enum {string} */
                        state: "draft" | "replayed" | "active" | "retired";
                        pack: string;
                        /** @description targets, thresholds by facet and streams, and their proofs */
                        document: {
                            [key: string]: unknown;
                        };
                        replay: {
                            contents: number;
                            /** @description results of the pack whose scores were not kept */
                            undecidable: number;
                            decisions: {
                                before: {
                                    published: number;
                                    "published-ancestor": number;
                                    review: number;
                                };
                                after: {
                                    published: number;
                                    "published-ancestor": number;
                                    review: number;
                                };
                            };
                            /** @description share that is published, at any depth */
                            coverage: {
                                before: number;
                                after: number;
                            };
                            /** @description reviewer minutes for the contents that were replayed */
                            reviewMinutes: {
                                before: number;
                                after: number;
                            };
                            /** @description of the contents with a truth: how many are published, and how many of those wrongly */
                            judged: {
                                contents: number;
                                published: number;
                                wrong: number;
                            };
                            flips: {
                                facet: string;
                                /** @description published path; null: none */
                                before: string | null;
                                after: string | null;
                                contents: number;
                                examples: string[];
                            }[];
                            /** @description coverage by the likeliest root */
                            classes: {
                                facet: string;
                                node: string;
                                contents: number;
                                before: number;
                                after: number;
                            }[];
                        } | null;
                        createdBy: string;
                        /** Format: date-time */
                        createdAt: string;
                        /** Format: date-time */
                        replayedAt: string | null;
                        activatedBy: string | null;
                        /** Format: date-time */
                        activatedAt: string | null;
                        /** Format: date-time */
                        retiredAt: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    PoliciesController_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The policy, with what it would change */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @description name/number */
                        ref: string;
                        /** @enum {string} */
                        state: "draft" | "replayed" | "active" | "retired";
                        pack: string;
                        /** @description targets, thresholds by facet and streams, and their proofs */
                        document: {
                            [key: string]: unknown;
                        };
                        replay: {
                            contents: number;
                            /** @description results of the pack whose scores were not kept */
                            undecidable: number;
                            decisions: {
                                before: {
                                    published: number;
                                    "published-ancestor": number;
                                    review: number;
                                };
                                after: {
                                    published: number;
                                    "published-ancestor": number;
                                    review: number;
                                };
                            };
                            /** @description share that is published, at any depth */
                            coverage: {
                                before: number;
                                after: number;
                            };
                            /** @description reviewer minutes for the contents that were replayed */
                            reviewMinutes: {
                                before: number;
                                after: number;
                            };
                            /** @description of the contents with a truth: how many are published, and how many of those wrongly */
                            judged: {
                                contents: number;
                                published: number;
                                wrong: number;
                            };
                            flips: {
                                facet: string;
                                /** @description published path; null: none */
                                before: string | null;
                                after: string | null;
                                contents: number;
                                examples: string[];
                            }[];
                            /** @description coverage by the likeliest root */
                            classes: {
                                facet: string;
                                node: string;
                                contents: number;
                                before: number;
                                after: number;
                            }[];
                        } | null;
                        createdBy: string;
                        /** Format: date-time */
                        createdAt: string;
                        /** Format: date-time */
                        replayedAt: string | null;
                        activatedBy: string | null;
                        /** Format: date-time */
                        activatedAt: string | null;
                        /** Format: date-time */
                        retiredAt: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    PoliciesController_activate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the policy in force; null where the pack decides by itself */
                    replaces: string | null;
                };
            };
        };
        responses: {
            /** @description The policy in force */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @description name/number */
                        ref: string;
                        /** @enum {string} */
                        state: "draft" | "replayed" | "active" | "retired";
                        pack: string;
                        /** @description targets, thresholds by facet and streams, and their proofs */
                        document: {
                            [key: string]: unknown;
                        };
                        replay: {
                            contents: number;
                            /** @description results of the pack whose scores were not kept */
                            undecidable: number;
                            decisions: {
                                before: {
                                    published: number;
                                    "published-ancestor": number;
                                    review: number;
                                };
                                after: {
                                    published: number;
                                    "published-ancestor": number;
                                    review: number;
                                };
                            };
                            /** @description share that is published, at any depth */
                            coverage: {
                                before: number;
                                after: number;
                            };
                            /** @description reviewer minutes for the contents that were replayed */
                            reviewMinutes: {
                                before: number;
                                after: number;
                            };
                            /** @description of the contents with a truth: how many are published, and how many of those wrongly */
                            judged: {
                                contents: number;
                                published: number;
                                wrong: number;
                            };
                            flips: {
                                facet: string;
                                /** @description published path; null: none */
                                before: string | null;
                                after: string | null;
                                contents: number;
                                examples: string[];
                            }[];
                            /** @description coverage by the likeliest root */
                            classes: {
                                facet: string;
                                node: string;
                                contents: number;
                                before: number;
                                after: number;
                            }[];
                        } | null;
                        createdBy: string;
                        /** Format: date-time */
                        createdAt: string;
                        /** Format: date-time */
                        replayedAt: string | null;
                        activatedBy: string | null;
                        /** Format: date-time */
                        activatedAt: string | null;
                        /** Format: date-time */
                        retiredAt: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    PoliciesController_retire: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The retired policy */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @description name/number */
                        ref: string;
                        /** @enum {string} */
                        state: "draft" | "replayed" | "active" | "retired";
                        pack: string;
                        /** @description targets, thresholds by facet and streams, and their proofs */
                        document: {
                            [key: string]: unknown;
                        };
                        replay: {
                            contents: number;
                            /** @description results of the pack whose scores were not kept */
                            undecidable: number;
                            decisions: {
                                before: {
                                    published: number;
                                    "published-ancestor": number;
                                    review: number;
                                };
                                after: {
                                    published: number;
                                    "published-ancestor": number;
                                    review: number;
                                };
                            };
                            /** @description share that is published, at any depth */
                            coverage: {
                                before: number;
                                after: number;
                            };
                            /** @description reviewer minutes for the contents that were replayed */
                            reviewMinutes: {
                                before: number;
                                after: number;
                            };
                            /** @description of the contents with a truth: how many are published, and how many of those wrongly */
                            judged: {
                                contents: number;
                                published: number;
                                wrong: number;
                            };
                            flips: {
                                facet: string;
                                /** @description published path; null: none */
                                before: string | null;
                                after: string | null;
                                contents: number;
                                examples: string[];
                            }[];
                            /** @description coverage by the likeliest root */
                            classes: {
                                facet: string;
                                node: string;
                                contents: number;
                                before: number;
                                after: number;
                            }[];
                        } | null;
                        createdBy: string;
                        /** Format: date-time */
                        createdAt: string;
                        /** Format: date-time */
                        replayedAt: string | null;
                        activatedBy: string | null;
                        /** Format: date-time */
                        activatedAt: string | null;
                        /** Format: date-time */
                        retiredAt: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    AuditsController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Audits, precision and the state of the watch, by group */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description name/number */
                        policy: string;
                        groups: {
                            facet: string;
                            /** @description the streams of the contents, such as text+video */
                            mask: string;
                            /** @description the group: contents below this node; null: all that no other group has */
                            under: string | null;
                            /** @description what was promised: at most this share is wrong */
                            error: number;
                            /** @description published tags that were chosen for an audit */
                            chosen: number;
                            answered: number;
                            wrong: number;
                            /** @description share that is right, by inverse propensity; null without an answer */
                            precision: number | null;
                            /** @description holds the precision with 95 % */
                            interval: {
                                lower: number;
                                upper: number;
                            };
                            watch: {
                                /**
                                 * @description broken: the contents of the group go to review
                                 * @enum {string}
                                 */
                                state: "kept" | "broken";
                                /** @description e-value against the promise; 1 says nothing */
                                evidence: number;
                                /** @description the e-value that breaks the promise */
                                alarmFrom: number;
                                /** @description how likely it is at most that a promise which is kept is ever called broken */
                                falseAlarm: number;
                                /** @description answers when it broke */
                                alarmAt: number | null;
                            };
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    RedecisionsController_list: {
        parameters: {
            query?: {
                cursor?: unknown;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, and the cursor of the next */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            /** @description the policy that decides, name/number; null: the pack */
                            policy: string | null;
                            /** @description whose scores are decided on */
                            pack: string;
                            /**
                             * @description superseded: another policy or pack came into force in the middle
                             * @enum {string}
                             */
                            state: "running" | "done" | "stopped" | "superseded";
                            /** @description contents of the workspace when it began */
                            total: number;
                            examined: number;
                            /** @description results that a new revision has superseded */
                            changed: number;
                            /** @description results that are the same; they keep their revision and say nothing */
                            unchanged: number;
                            /** @description contents that have no result yet, or have failed without one */
                            withoutResult: number;
                            /** @description contents that are being tagged; taken at the end */
                            postponed: number;
                            /** @description results that stay as they are, by reason: scores-missing, other-pack, or an error code */
                            undecidable: {
                                [key: string]: number;
                            };
                            createdBy: string;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            finishedAt: string | null;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    RedecisionsController_start: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the policy in force, its id or name/number; null where the pack decides by itself */
                    policy: string | null;
                };
            };
        };
        responses: {
            /** @description Begun; `Location` tells where to follow it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @description the policy that decides, name/number; null: the pack */
                        policy: string | null;
                        /** @description whose scores are decided on */
                        pack: string;
                        /**
                         * @description superseded: another policy or pack came into force in the middle
                         * @enum {string}
                         */
                        state: "running" | "done" | "stopped" | "superseded";
                        /** @description contents of the workspace when it began */
                        total: number;
                        examined: number;
                        /** @description results that a new revision has superseded */
                        changed: number;
                        /** @description results that are the same; they keep their revision and say nothing */
                        unchanged: number;
                        /** @description contents that have no result yet, or have failed without one */
                        withoutResult: number;
                        /** @description contents that are being tagged; taken at the end */
                        postponed: number;
                        /** @description results that stay as they are, by reason: scores-missing, other-pack, or an error code */
                        undecidable: {
                            [key: string]: number;
                        };
                        createdBy: string;
                        /** Format: date-time */
                        createdAt: string;
                        /** Format: date-time */
                        finishedAt: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    RedecisionsController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The redecision */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @description the policy that decides, name/number; null: the pack */
                        policy: string | null;
                        /** @description whose scores are decided on */
                        pack: string;
                        /**
                         * @description superseded: another policy or pack came into force in the middle
                         * @enum {string}
                         */
                        state: "running" | "done" | "stopped" | "superseded";
                        /** @description contents of the workspace when it began */
                        total: number;
                        examined: number;
                        /** @description results that a new revision has superseded */
                        changed: number;
                        /** @description results that are the same; they keep their revision and say nothing */
                        unchanged: number;
                        /** @description contents that have no result yet, or have failed without one */
                        withoutResult: number;
                        /** @description contents that are being tagged; taken at the end */
                        postponed: number;
                        /** @description results that stay as they are, by reason: scores-missing, other-pack, or an error code */
                        undecidable: {
                            [key: string]: number;
                        };
                        createdBy: string;
                        /** Format: date-time */
                        createdAt: string;
                        /** Format: date-time */
                        finishedAt: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    RedecisionsController_stop: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The redecision */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @description the policy that decides, name/number; null: the pack */
                        policy: string | null;
                        /** @description whose scores are decided on */
                        pack: string;
                        /**
                         * @description superseded: another policy or pack came into force in the middle
                         * @enum {string}
                         */
                        state: "running" | "done" | "stopped" | "superseded";
                        /** @description contents of the workspace when it began */
                        total: number;
                        examined: number;
                        /** @description results that a new revision has superseded */
                        changed: number;
                        /** @description results that are the same; they keep their revision and say nothing */
                        unchanged: number;
                        /** @description contents that have no result yet, or have failed without one */
                        withoutResult: number;
                        /** @description contents that are being tagged; taken at the end */
                        postponed: number;
                        /** @description results that stay as they are, by reason: scores-missing, other-pack, or an error code */
                        undecidable: {
                            [key: string]: number;
                        };
                        createdBy: string;
                        /** Format: date-time */
                        createdAt: string;
                        /** Format: date-time */
                        finishedAt: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    CalibrationsController_list: {
        parameters: {
            query?: {
                cursor?: unknown;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, and the cursor of the next */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            /** @description name/number */
                            ref: string;
                            pack: string;
                            taxonomy: string;
                            /** @enum {string} */
                            family: "auto" | "temperature" | "vector" | "platt" | "beta" | "isotonic";
                            /**
                             * @description grown: there was enough new truth; draft: a policy needed one
                             * @enum {string}
                             */
                            because: "asked" | "draft" | "grown";
                            /** @description contents that it was fitted on */
                            contents: number;
                            createdBy: string;
                            /** Format: date-time */
                            createdAt: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    CalibrationsController_fit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default calibration */
                    name?: string;
                    /**
                     * @default auto
                     * @enum {string}
                     */
                    family?: "auto" | "temperature" | "vector" | "platt" | "beta" | "isotonic";
                };
            };
        };
        responses: {
            /** @description The calibration, with its report */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @description name/number */
                        ref: string;
                        pack: string;
                        taxonomy: string;
                        /** @enum {string} */
                        family: "auto" | "temperature" | "vector" | "platt" | "beta" | "isotonic";
                        /**
                         * @description grown: there was enough new truth; draft: a policy needed one
                         * @enum {string}
                         */
                        because: "asked" | "draft" | "grown";
                        /** @description contents that it was fitted on */
                        contents: number;
                        createdBy: string;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description maps by facet, streams and class; report; evidence */
                        document: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    CalibrationsController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The calibration */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @description name/number */
                        ref: string;
                        pack: string;
                        taxonomy: string;
                        /** @enum {string} */
                        family: "auto" | "temperature" | "vector" | "platt" | "beta" | "isotonic";
                        /**
                         * @description grown: there was enough new truth; draft: a policy needed one
                         * @enum {string}
                         */
                        because: "asked" | "draft" | "grown";
                        /** @description contents that it was fitted on */
                        contents: number;
                        createdBy: string;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description maps by facet, streams and class; report; evidence */
                        document: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    PlotsController_reliability: {
        parameters: {
            query?: {
                lang?: "zh" | "en";
                /** @description streams such as text+video; the first ones unless given */
                mask?: unknown;
                /** @description the first one unless given */
                facet?: unknown;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    PlotsController_riskCoverage: {
        parameters: {
            query?: {
                lang?: "zh" | "en";
                /** @description streams such as text+video; the first ones unless given */
                mask?: unknown;
                /** @description the first one unless given */
                facet?: unknown;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    PlotsController_thresholds: {
        parameters: {
            query?: {
                rows?: number;
                lang?: "zh" | "en";
                /** @description streams such as text+video; the first ones unless given */
                mask?: unknown;
                /** @description the first one unless given */
                facet?: unknown;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                };
            };
            /** @description Problem document (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem document (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        code: string;
                        remedy: string;
                        instance?: string;
                        issues?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
}
