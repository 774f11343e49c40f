"""A simulated radio under watch on a simulated clock: the real code, hours in moments."""

from __future__ import annotations

from harness.errors import DeviceGone
from harness.recording.exchange import RecordingInfo
from harness.recording.writer import RecordingWriter
from harness.simulation.radio.air import Air
from harness.simulation.radio.clock import SimulatedClock
from harness.simulation.radio.port import RadioPort
from harness.simulation.radio.radio import Radio
from harness.simulation.radio.tongues import TONGUES
from harness.survey.watched import watched_modem
from harness.watch.watching import Watch, WatchPlan


class WatchedRadio:
    """One radio, its recording and its watch. `at(seconds, what)` plays a scene at a time of the watch."""

    def __init__(self, folder, family="quectel-5g", cells=()):
        self.clock = SimulatedClock()
        tongue = TONGUES[family]()
        self.air = Air(list(cells))
        self.radio = Radio(tongue, self.air, tongue.memory(), self.clock)
        self.port = ScenePort(self.radio, self.clock)
        self.folder = folder
        self.writer = RecordingWriter(folder, RecordingInfo("watched", "recorded"), live=True)
        self.back_at = None
        self.said = []
        self.opened = watched_modem(self.port, self.writer, self.clock, again=lambda key: self._again())

    @property
    def course(self):
        return self.opened.follower.course

    def at(self, seconds, what):
        self.port.scenes.append((self.clock.at + seconds, what))
        self.port.scenes.sort(key=lambda one: one[0])

    def search(self):
        """The radio looks for a cell again: what it was on went away, or another came."""
        self.radio._leave()

    def unplug(self, for_s):
        self.port.gone = True
        self.back_at = self.clock.at + for_s

    def watch(self, seconds, **plan):
        Watch(
            self.opened.device, self.clock, WatchPlan(for_s=seconds, **plan), after=self._after,
            regain=self.opened.regain,
        ).run()  # fmt: skip
        self.opened.close()
        self.writer.finish()
        return self.course

    def _after(self):
        self.opened.follow()
        if self.course.changes and (not self.said or self.said[-1] != self.course.changes[-1]):
            self.said.append(self.course.changes[-1])

    def _again(self):
        self.clock.wait(1)
        if self.back_at is None or self.clock.at < self.back_at:
            return None
        self.port.gone = False
        self.radio.memory.power_cycle()
        self.radio.boot()
        return self.port


class ScenePort(RadioPort):
    """A port at which something happens at set times."""

    def __init__(self, radio, clock):
        super().__init__(radio, clock)
        self.scenes = []
        self.gone = False

    def ask(self, command, *, deadline_s):
        self._play()
        return super().ask(command, deadline_s=deadline_s)

    def listen(self, *, deadline_s):
        while self.scenes and self.scenes[0][0] <= deadline_s:
            self._clock.at = max(self._clock.at, self.scenes[0][0])
            self._play()
        return super().listen(deadline_s=deadline_s)

    def _play(self):
        while self.scenes and self.scenes[0][0] <= self._clock.at:
            self.scenes.pop(0)[1]()
        if self.gone:
            raise DeviceGone("the cable is pulled")
