"""Why the embedded stack is not as it should be, in words for the person at the keyboard."""


class StackError(Exception):
    """The stack cannot do what was asked; the text says what stands in the way and what helps."""


class NotRunning(StackError):
    """No stack runs in this folder."""

    def __init__(self) -> None:
        super().__init__("这里没有正在运行的环境,请先执行 onewindow up")
