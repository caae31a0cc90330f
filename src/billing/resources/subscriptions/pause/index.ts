// Subscriptions that rest, and go on. The folder's only door.
export { pause, pauseSubscription } from "./pause.ts";
export { resume, resumeSubscription } from "./resume.ts";
