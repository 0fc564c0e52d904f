def search(session, accuracy, feeds):
    """@nni.derive(session=session, feed_dict=feeds)"""
    """@nni.derive(session=session, metric=accuracy, sample=100, feed_dict=feeds, feed_dict=feeds)"""
    """@nni.derive(session, accuracy, feeds, 100, 10, "best.json", feeds, "more")"""
    """@nni.derive(**feeds)"""
    # @nni.derived(session, accuracy)
