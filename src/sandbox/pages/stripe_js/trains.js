// Stripe.js comes in trains named like the API's versions; what a page loads decides how it behaves.

const trains = ["v3", "acacia", "basil", "clover", "dahlia", "endive"];

/**
 * Whether a train is at least another one; a train that is not known here is newer than all.
 * @param {string} train @param {string} since
 */
export function isTrainFrom(train, since) {
  const position = trains.indexOf(train);
  return position < 0 || position >= trains.indexOf(since);
}
