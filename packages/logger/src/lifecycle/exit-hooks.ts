/** Somebody with something to save when the process ends. */
export interface ExitParticipant {
  /** Saves synchronously. Must not throw. */
  saveAtExit(): void;
}

const signals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

const participants = new Set<ExitParticipant>();
const signalParticipants = new Set<ExitParticipant>();

/**
 * Has a participant save at the end of the process (its natural end, `process.exit`) and before an uncaught
 * exception takes its course; with `handleSignals`, also on SIGTERM, SIGINT and SIGHUP. However many there are,
 * the process gets one listener for each event.
 */
export function joinExitHooks(participant: ExitParticipant, handleSignals: boolean): void {
  if (participants.size === 0) {
    process.on("exit", saveAll);
    process.on("uncaughtExceptionMonitor", saveAll);
  }
  participants.add(participant);
  if (!handleSignals) return;
  if (signalParticipants.size === 0) {
    // First in line: a listener added with `once` must still count as one when we look.
    for (const signal of signals) process.prependListener(signal, onSignal);
  }
  signalParticipants.add(participant);
}

/** Forgets a participant; the last one takes the listeners along. */
export function leaveExitHooks(participant: ExitParticipant): void {
  if (participants.delete(participant) && participants.size === 0) {
    process.off("exit", saveAll);
    process.off("uncaughtExceptionMonitor", saveAll);
  }
  if (signalParticipants.delete(participant) && signalParticipants.size === 0) {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

function saveAll(): void {
  for (const participant of participants) participant.saveAtExit();
}

/**
 * Saves, and gives the signal back: when nobody else listens for it, it ends the process as if we had not listened
 * either, so that whoever started the process sees the signal. When the application listens, the end is its matter.
 */
function onSignal(signal: NodeJS.Signals): void {
  saveAll();
  if (process.listenerCount(signal) > 1) return;
  process.off(signal, onSignal);
  process.kill(process.pid, signal);
}
