"""How each event is told in a timeline. `done` follows the name of who did it; `happened` stands alone."""

from django.utils.translation import gettext_lazy as _

from events.sentences import say

# Partners and their people
say(
    "partner.added",
    _("made %(subject)s a partner"),
    _("%(subject)s became a partner"),
    icon="building-community",
)
say("partner.changed", _("changed facts of %(subject)s: %(changed)s"), icon="pencil")
say("partner.sellers_limited", _("set which deals the sellers of %(subject)s see"), icon="eye")
say("partner.assigned", _("gave %(subject)s its partner manager"), icon="user-check")
say(
    "partner.activated",
    _("activated %(subject)s"),
    _("%(subject)s is active: onboarding is complete"),
    icon="circle-check",
)
say("partner.suspended", _("suspended %(subject)s: %(reason)s"), icon="player-pause")
say("partner.resumed", _("ended the suspension of %(subject)s"), icon="player-play")
say("partner.terminated", _("ended the partnership with %(subject)s: %(reason)s"), icon="ban")
say("contact.added", _("added %(subject)s"), _("%(subject)s was added"), icon="user-plus")
say("contact.changed", _("changed facts of %(subject)s"), icon="pencil")
say("contact.left", _("noted that %(subject)s left"), icon="logout")
say(
    "organization.added",
    _("recorded the organization %(subject)s"),
    _("%(subject)s was recorded"),
    icon="building",
)
say("organization.changed", _("changed facts of %(subject)s: %(changed)s"), icon="pencil")
say("organization.merged", _("merged another organization into %(subject)s"),
    _("Another organization was merged into %(subject)s"), icon="git-merge")  # fmt: skip
say("organization.unmerged", _("undid the merge of %(subject)s"), _("The merge of %(subject)s was undone"),
    icon="arrow-back-up")  # fmt: skip
say("organization.moved", _("moved %(subject)s in the tree"), _("%(subject)s was moved in the tree"),
    icon="switch-horizontal")  # fmt: skip
say("restructuring.waits", _("asked for %(subject)s: it waits for a conflict case"),
    _("%(subject)s waits for a conflict case"), icon="scale")  # fmt: skip
say("restructuring.abandoned", _("gave up %(subject)s"), _("%(subject)s was given up"), icon="circle-minus")

# People who sign in
say("invitation.sent", _("invited someone as %(role)s"), _("Someone was invited as %(role)s"), icon="mail")
say("invitation.revoked", _("took an invitation back"), icon="arrow-back-up")
say("membership.started", _("let %(subject)s in"), _("%(subject)s joined"), icon="user-check")
say("membership.role_changed", _("changed a role: %(from)s became %(to)s"), icon="user-circle")
say("membership.ended", _("removed %(subject)s"), _("%(subject)s was removed"), icon="logout")
say("key.created", _("made the API key %(prefix)s…"), icon="key")
say("key.revoked", _("revoked the API key %(prefix)s…"), _("The API key %(prefix)s… was revoked"), icon="key")
say("portal.view_ended", _("stopped looking at the portal as %(subject)s"), icon="eye")
say("portal.viewed_as", _("looked at the portal as %(subject)s"), icon="eye")

# Applications and onboarding
say(
    "application.submitted",
    _("sent the application %(subject)s"),
    _("The application %(subject)s came in"),
    icon="send",
)
say("application.asked_again", _("sent the link of %(subject)s again"), icon="mail")
say("application.confirmed", _("confirmed the application %(subject)s"),
    _("The applicant confirmed the address of %(subject)s"), icon="circle-check")  # fmt: skip
say("application.assigned", _("took %(subject)s to review"), icon="user-check")
say("application.scored", _("scored %(subject)s"), icon="star")
say("application.approved", _("approved %(subject)s"), icon="circle-check")
say("application.rejected", _("did not approve %(subject)s: %(reason)s"), icon="circle-x")
say("application.withdrawn", _("withdrew %(subject)s"), _("%(subject)s was withdrawn"), icon="arrow-back-up")
say("application.linked", _("linked %(subject)s to an organization, or took the link away"), icon="link")
say("onboarding.started", _("started the onboarding plan %(template)s"),
    _("The onboarding plan %(template)s started"), icon="checklist")  # fmt: skip
say("onboarding.completed", _("completed onboarding"), _("All tasks of onboarding are done"), icon="checks")
say(
    "onboarding.cancelled",
    _("ended the onboarding plan"),
    _("The onboarding plan ended"),
    icon="circle-minus",
)
say("onboarding.task_done", _("finished “%(title)s”"), _("“%(title)s” is done"), icon="check")
say("onboarding.task_reopened", _("opened “%(title)s” again"), icon="rotate-clockwise")
say("onboarding.task_skipped", _("skipped “%(title)s”"), icon="circle-minus")
say("onboarding.task_added", _("added the task “%(title)s”"), icon="plus")
say("onboarding.task_moved", _("moved “%(title)s” to %(to)s"), icon="calendar-event")

# Rules of engagement
say("rules.drafted", _("drafted the rules of engagement, version %(number)s"), icon="pencil")
say("rules.changed", _("changed the draft of version %(number)s"), icon="pencil")
say(
    "rules.announced",
    _("announced version %(number)s, in force from %(effective_on)s"),
    icon="calendar-event",
)
say(
    "rules.activated",
    _("put version %(number)s into force"),
    _("Version %(number)s is in force"),
    icon="circle-check",
)
say(
    "rules.superseded", _("ended version %(number)s"), _("Version %(number)s no longer holds"), icon="archive"
)
say("rules.discarded", _("took version %(number)s back"), icon="trash")

# Deals
say("region.assigned", _("said which markets a colleague looks after"), icon="world")
say("deal.assigned", _("said who looks at %(subject)s"), icon="user-check")
say("deal.noted", _("noted something on %(subject)s"), icon="notes")
say("deal.drafted", _("began %(subject)s"), icon="pencil")
say("deal.changed", _("changed %(subject)s: %(changed)s"), icon="pencil")
say("deal.discarded", _("threw the draft %(subject)s away"), icon="trash")
say("deal.submitted", _("submitted %(subject)s"), _("%(subject)s was submitted"), icon="send")
say("deal_import.started", _("sent the file %(subject)s with %(rows)s lines"), icon="file-import")
say("deal_import.confirmed", _("had the lines of %(subject)s registered"), icon="file-import")
say("deal_import.finished", _("registered %(subject)s: %(submitted)s sent, %(drafts)s drafts, %(refused)s refused"),
    _("%(subject)s is registered: %(submitted)s sent, %(drafts)s drafts, %(refused)s refused"),
    icon="file-check")  # fmt: skip
say("deal_import.cancelled", _("called %(subject)s off"), icon="circle-minus")
say("deal.people_named", _("named colleagues on %(subject)s"), icon="users")
say("deal.review_started", _("took %(subject)s into review"), icon="hourglass-high")
say("deal.escalated", _("escalated %(subject)s"), _("%(subject)s was escalated: a superior has it now"),
    icon="clock-exclamation")  # fmt: skip
say(
    "deal.left_to_review",
    _("left %(subject)s to a person"),
    _("%(subject)s was left to a person"),
    icon="scale",
)
say("deal.more_asked", _("asked for more about %(subject)s"), icon="message-question")
say("deal.resubmitted", _("answered about %(subject)s"), icon="send")
say("deal.approved", _("approved %(subject)s, protected until %(until)s"),
    _("%(subject)s is protected until %(until)s"), icon="shield-check")  # fmt: skip
say("deal.approved_with_conditions", _("approved %(subject)s with conditions, to be met by %(until)s"),
    _("%(subject)s is protected until its conditions' day, %(until)s"), icon="shield-half")  # fmt: skip
say("deal.condition_answered", _("answered condition %(position)s of %(subject)s"), icon="send")
say("deal.conditions_ticked", _("ticked off conditions of %(subject)s: %(left)s left"), icon="checklist")
say("deal.conditions_met", _("found all conditions of %(subject)s met, protected until %(until)s"),
    _("All conditions of %(subject)s are met"), icon="shield-check")  # fmt: skip
say("deal.conditions_missed", _("ended the protection of %(subject)s: its conditions are not met"),
    _("The conditions of %(subject)s were not met in time"), icon="clock-x")  # fmt: skip
say("deal.reopened", _("reopened %(subject)s, protected until %(until)s"), icon="rotate-clockwise")
say("deal.transferred", _("passed %(subject)s to another partner"), _("%(subject)s passed to another partner"),
    icon="arrow-right")  # fmt: skip
say("deal.taken_over", _("gave %(subject)s to its new holder, protected until %(until)s"),
    _("%(subject)s was taken over, protected until %(until)s"), icon="shield-check")  # fmt: skip
say("transfer.requested", _("asked that another partner takes %(subject)s over"), icon="send")
say("transfer.proposed", _("proposed who takes %(subject)s over"), icon="send")
say("transfer.offered", _("had the receiver of %(subject)s asked"),
    _("The holder agrees to the transfer of %(subject)s; the receiver is asked"), icon="check")  # fmt: skip
say("transfer.agreed", _("made the transfer of %(subject)s complete but for the vendor"),
    _("Both partners agree to the transfer of %(subject)s"), icon="checks")  # fmt: skip
say("transfer.carried_out", _("carried the transfer of %(subject)s out"), icon="circle-check")
say("transfer.declined", _("declined the transfer of %(subject)s"), _("The transfer of %(subject)s was declined"),
    icon="circle-x")  # fmt: skip
say("transfer.cancelled", _("gave the transfer of %(subject)s up"), icon="circle-minus")
say("transfer.closed", _("closed the transfer of %(subject)s"), _("The transfer of %(subject)s was closed"),
    icon="circle-minus")  # fmt: skip
say("consent.asked", _("asked for consent to %(subject)s"), _("Consent to %(subject)s is asked for"),
    icon="message-question")  # fmt: skip
say("consent.given", _("agreed to %(subject)s"), icon="check")
say("consent.declined", _("did not agree to %(subject)s"), icon="circle-x")
say("consent.closed", _("no longer needs a consent to %(subject)s"), icon="circle-minus")
say("deal.amendment_requested", _("asked to change %(subject)s: %(changed)s"), icon="pencil")
say("deal.amended", _("changed %(subject)s as asked: %(changed)s"), icon="check")
say("deal.amendment_refused", _("left %(subject)s as it was approved: %(reason)s"), icon="circle-x")
say("deal.amendment_withdrawn", _("took the change of %(subject)s back"), icon="arrow-back-up")
say("deal.amendment_closed", _("closed the change of %(subject)s"), _("A change of %(subject)s was closed"),
    icon="circle-minus")  # fmt: skip
say("deal.lapsed", _("let %(subject)s lapse"), _("%(subject)s lapsed: its question was not answered"),
    icon="clock-x")  # fmt: skip
say("deal.rejected", _("did not approve %(subject)s: %(reason)s"), icon="circle-x")
say("deal.duplicate", _("closed %(subject)s as a duplicate"), icon="copy")
say("deal.withdrawn", _("took %(subject)s back"), icon="arrow-back-up")
say("deal.expired", _("let the protection of %(subject)s end"), _("The protection of %(subject)s ended on %(until)s"),
    icon="clock-x")  # fmt: skip
say("deal.extension_requested", _("asked for more time for %(subject)s"), _("More time was asked for %(subject)s"),
    icon="hourglass-high")  # fmt: skip
say("deal.extended", _("extended the protection of %(subject)s until %(until)s"), icon="shield-check")
say("deal.extension_refused", _("gave %(subject)s no more time: %(reason)s"), icon="circle-x")
say("deal.renewed", _("renewed the protection of %(subject)s until %(until)s"), icon="shield-check")
say("deal.revoked", _("ended the protection of %(subject)s: %(reason)s"), icon="ban")
say("deal.stage_changed", _("moved %(subject)s to %(to)s"), icon="arrow-right")
say("deal.close_moved", _("expects %(subject)s to close on %(to)s"), _("%(subject)s is expected to close on %(to)s"),
    icon="calendar-due")  # fmt: skip
say("deal.won", _("won %(subject)s"), _("%(subject)s was won"), icon="trophy")
say("deal.lost", _("lost %(subject)s: %(reason)s"), icon="circle-minus")
say("deal.customer_linked", _("said which organization the customer of %(subject)s is"), icon="link")
say("deal.review_reopened", _("took %(subject)s into review again"), icon="hourglass-high")
say("case.opened", _("opened the conflict case %(subject)s"), _("The conflict case %(subject)s was opened"),
    icon="scale")  # fmt: skip
say("case.mediated", _("gave the case %(subject)s its mediator"), icon="user-check")
say("case.gathering", _("asked both sides of %(subject)s for evidence"), icon="message-question")
say("case.proposed", _("proposed an outcome of %(subject)s"), icon="bulb")
say("case.decided", _("decided the case %(subject)s"), icon="gavel")
say("case.closed", _("closed the case %(subject)s without a decision"), icon="archive")
say("case.party_asked", _("asked for evidence about %(subject)s"), icon="message-question")
say("case.evidence_given", _("gave evidence about %(subject)s"), icon="file-text")
say("case.party_told", _("decided who keeps the customer of %(subject)s"), icon="gavel")
say("appeal.submitted", _("appealed the decision about %(subject)s"), icon="scale")
say("appeal.upheld", _("upheld the appeal about %(subject)s"), icon="circle-check")
say("appeal.dismissed", _("dismissed the appeal about %(subject)s"), icon="circle-x")
say("appeal.withdrawn", _("took the appeal about %(subject)s back"), _("The appeal about %(subject)s was taken back"),
    icon="arrow-back-up")  # fmt: skip
say("deal.credited", _("said who has a part in %(subject)s: %(reason)s"), icon="percentage")
say(
    "credit.changed",
    _("changed the part in %(deal)s"),
    _("The part in %(deal)s was changed"),
    icon="percentage",
)
say(
    "booking.recorded",
    _("booked %(money)s for %(subject)s"),
    _("%(money)s was booked for %(subject)s"),
    icon="receipt",
)
say("booking.corrected", _("corrected a booking of %(subject)s by %(money)s"), icon="receipt")
say("implementation.reported", _("reported the go-live of %(subject)s"), icon="send")
say("implementation.asked_again", _("sent the customer a new link for %(subject)s"), icon="mail")
say("implementation.accepted", _("accepted the go-live of %(subject)s"), _("The go-live of %(subject)s was accepted"),
    icon="rosette-discount-check")  # fmt: skip
say("implementation.declined", _("declined the go-live of %(subject)s"), icon="circle-x")
say("implementation.withdrawn", _("took back the go-live of %(subject)s"), icon="arrow-back-up")

# Certifications and gates
say("membership.made_primary", _("named this partner as the primary one of %(subject)s"),
    _("The certifications of %(subject)s count here now"), icon="user-check")  # fmt: skip
say("membership.no_longer_primary", _("named another primary partner for %(subject)s"),
    _("The certifications of %(subject)s no longer count here"), icon="logout")  # fmt: skip
say("certification.arrived", _("let %(subject)s count here"), _("%(subject)s counts here now"),
    icon="certificate")  # fmt: skip
say("certification.departed", _("let %(subject)s count here no longer"),
    _("%(subject)s no longer counts here"), icon="logout")  # fmt: skip
say("certificate.shown", _("shows a certificate to whoever has its code"), icon="eye")
say("certificate.hidden", _("shows a certificate no longer"), icon="eye-off")
say(
    "certification.awarded",
    _("recorded the certification %(subject)s"),
    _("Certified: %(subject)s"),
    icon="certificate",
)
say("certification.revoked", _("revoked the certification %(subject)s: %(reason)s"), icon="ban")
say(
    "certification.expired",
    _("let %(subject)s run out"),
    _("The certification %(subject)s ran out"),
    icon="clock-x",
)
say("learning_plan.signed", _("signed the learning plan"), _("The learning plan was signed"), icon="book")
say("satisfaction.recorded", _("recorded a customer's answer, %(percent)s%% of its scale"),
    _("A customer answered, %(percent)s%% of its scale"), icon="star")  # fmt: skip
say("satisfaction.withdrawn", _("withdrew a customer's answer: %(reason)s"), icon="arrow-back-up")
say("contribution.recorded", _("recorded the contribution %(subject)s"),
    _("The contribution %(subject)s was recorded"), icon="heart-handshake")  # fmt: skip
say("contribution.verified", _("verified the contribution %(subject)s"),
    _("The contribution %(subject)s was verified"), icon="circle-check")  # fmt: skip
say("contribution.declined", _("declined the contribution %(subject)s"), icon="circle-x")
say("gate.passed", _("recorded the gate %(subject)s, valid until %(valid_until)s"),
    _("The gate %(subject)s was passed"), icon="shield-check")  # fmt: skip
say("gate.revoked", _("revoked the gate %(subject)s: %(reason)s"), icon="ban")
say(
    "gate.expired",
    _("let %(subject)s run out"),
    _("The gate %(subject)s ran out on %(valid_until)s"),
    icon="clock-x",
)

# Files
say("file.attached", _("added a file to %(subject)s"), icon="paperclip")
say("file.kept", _("added a file for colleagues to %(subject)s"), icon="paperclip")
say("export.started", _("asked for a long list as a file"), icon="download")
say("direct_opportunity.recorded", _("recorded the direct opportunity %(subject)s"), icon="briefcase")
say("direct_opportunity.changed", _("changed the direct opportunity %(subject)s"), icon="pencil")
say("direct_account.approved", _("put %(subject)s on the list of direct accounts"), icon="list-check")
say("direct_account.ended", _("took %(subject)s off the list of direct accounts"), icon="list-check")
say("direct_accounts.refreshed", _("confirmed the list of direct accounts"), icon="refresh")
say("account.blocked", _("blocked the account %(subject)s"), icon="ban")
say("account.unblocked", _("opened the account %(subject)s again"), icon="lock-open")
say("direct_list.imported", _("imported a list of direct sales"), icon="upload")
say(
    "deal.conflict_found",
    _("found a new conflict of %(subject)s"),
    _("A new hard conflict was found"),
    icon="scale",
)
say("deal.conflict_checked", _("had conflicts looked for"), _("Conflicts were looked for"), icon="scale")
say("deal.protection_ended", _("released a protection of %(subject)s"), _("A protection of %(subject)s was released"),
    icon="lock-open")  # fmt: skip

# Tiers
say(
    "partner.standing_noted",
    _("had the tier shown anew"),
    _("The tier shown is another now"),
    icon="stairs-up",
)
say("tier.awarded", _("awarded %(to_name)s"), _("%(to_name)s was reached"), icon="stairs-up")
say("tier.carried_over", _("carried the tier over to version %(version)s: %(to_name)s"),
    _("The tier continues under version %(version)s of the program: %(to_name)s"), icon="versions")  # fmt: skip
say(
    "tier.grace_started",
    _("started a grace period for %(tier_name)s until %(ends_on)s"),
    _("%(tier_name)s is no longer met; there is time until %(ends_on)s to win it back"),
    icon="hourglass-high",
)
say(
    "tier.grace_ended",
    _("ended the grace period of %(tier_name)s"),
    _("The grace period of %(tier_name)s is over: %(outcome)s"),
    icon="hourglass-low",
)
say(
    "tier.lowered",
    _("lowered the tier from %(from_name)s"),
    _("The tier fell from %(from_name)s"),
    icon="trending-down",
)
say("tier.overridden", _("gave %(tier_name)s by decision, until %(expires_on)s"),
    _("%(tier_name)s was given by decision, until %(expires_on)s"), icon="gavel")  # fmt: skip
say("tier.override_ended", _("ended the decision about %(tier_name)s"),
    _("The decision about %(tier_name)s no longer holds"), icon="gavel")  # fmt: skip
say("tier.requirement_waived", _("waived a requirement of %(tier_name)s until %(expires_on)s"), icon="gavel")
say("tier.waiver_ended", _("asks for a waived requirement of %(tier_name)s again"), icon="gavel")
say("tier.proposed", _("proposed a change of the tier"), _("A change of the tier waits for a decision"),
    icon="gavel")  # fmt: skip
say("tier.proposal_dropped", _("dropped a proposed change of the tier"),
    _("A proposed change of the tier is no longer due"), icon="archive")  # fmt: skip
say("tier.proposal_granted", _("granted the proposed change of the tier"), icon="gavel")
say("tier.proposal_declined", _("declined the proposed change: the tier stays"), icon="gavel")
say("tier_appeal.submitted", _("appealed a decision about %(tier_name)s"), icon="scale")
say("tier_appeal.upheld", _("upheld the appeal about %(tier_name)s"), icon="scale")
say("tier_appeal.dismissed", _("dismissed the appeal about %(tier_name)s"), icon="scale")
say("tier_appeal.withdrawn", _("took the appeal about %(tier_name)s back"), icon="scale")
say("program_version.drafted", _("made or changed a draft of the program, version %(number)s"), icon="pencil")
say("program_version.submitted", _("sent version %(number)s to review"), icon="send")
say("program_version.returned", _("returned version %(number)s to its drafter"), icon="arrow-back-up")
say("program_version.approved", _("approved version %(number)s"), icon="circle-check")
say("program_version.scheduled", _("announced version %(number)s, in force from %(effective_from)s"),
    icon="calendar-event")  # fmt: skip
say("program_version.called_off", _("called version %(number)s off"), icon="circle-minus")
say("program_version.activated", _("put version %(number)s into force"), _("Version %(number)s is in force"),
    icon="circle-check")  # fmt: skip
say("program_version.superseded", _("ended version %(number)s"), _("Version %(number)s no longer holds"),
    icon="archive")  # fmt: skip
say("tier_announcement.made", _("told what changes on %(effective_from)s"),
    _("The program changes on %(effective_from)s; what that means was told"), icon="calendar-event")  # fmt: skip
say("tier_announcement.called_off", _("called off what was to change on %(effective_from)s"),
    _("What was to change on %(effective_from)s was called off"), icon="circle-minus")  # fmt: skip
say("tier_announcement.acknowledged", _("has read what changes on %(effective_from)s"), icon="circle-check")
say("benefit.used", _("recorded a use of a benefit, on %(used_on)s"), icon="award")
say("benefit.use_taken_back", _("took back a recorded use of a benefit"), icon="award")
say("margin.decided", _("decided a margin of %(percent)s%%"), icon="percentage")
say("margin.decision_ended", _("ended the decision about a margin of %(percent)s%%"), icon="percentage")
say("tier.ended", _("ended the tier %(tier_name)s"), _("The tier %(tier_name)s ended"), icon="circle-minus")
