"""What is wrong with microphone, recorder or disk, in the banner for as long as it holds."""

from __future__ import annotations

from scribe_app.domain.events import CaptureWarned, CaptureWarning
from scribe_app.domain.ids import ConsultationId
from scribe_app.ui.banner import Banner

_OVER = {
    CaptureWarning.RECOVERED: (CaptureWarning.ALL_ZERO, CaptureWarning.TOO_QUIET, CaptureWarning.CLIPPING),
    CaptureWarning.DEVICE_BACK: (CaptureWarning.DEVICE_LOST,),
    CaptureWarning.DISK_BACK: (CaptureWarning.DISK_LOW,),
    CaptureWarning.ANSWERS: (CaptureWarning.STALLED,),
}
"""What each good news takes back: a microphone that is heard again says nothing about a full disk."""
_OVER_AT_STOP = (
    CaptureWarning.RECOVERED,
    CaptureWarning.DEVICE_BACK,
    CaptureWarning.DEVICE_CHANGED,
    CaptureWarning.ANSWERS,
)
"""Of no use any more; a full disk still is."""
_ABOUT = {warning: over for over, warnings in _OVER.items() for warning in warnings}


def tell(banner: Banner, event: CaptureWarned) -> None:
    """Show a warning, or take back what it says is over."""
    key = _key(_ABOUT.get(event.warning, event.warning), event.consultation)
    if event.warning in _OVER:
        banner.take_back(key)
    else:
        banner.warn(event.text, key)


def take_back(banner: Banner, id: ConsultationId) -> None:
    """Its recording has ended: what was wrong with the microphone or the recorder is over."""
    for over in _OVER_AT_STOP:
        banner.take_back(_key(over, id))


def _key(about: CaptureWarning, id: ConsultationId) -> str:
    """By which a warning is taken back: of this recording, not of the next, which may have begun already.

    Only a disk is the same for all of them.
    """
    return about if about is CaptureWarning.DISK_BACK else f"{about} {id}"
