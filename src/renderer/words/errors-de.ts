import type { ErrorCode } from '../../protocol/errors.ts';

/** The German of the protocol's table; a code that is missing here does not compile. */
export const GERMAN_ERRORS: Readonly<Record<ErrorCode, string>> = {
  unreachable:
    'Der Server {server} ist nicht erreichbar. Deine Änderungen warten auf diesem Computer und gehen hoch, sobald er antwortet.',
  paused:
    'Die Synchronisierung ist angehalten, und dafür wird der Server gebraucht. Es wurde nichts geändert; setze sie fort und versuche es noch einmal.',
  'bad-answer':
    'Der Server {server} hat eine unverständliche Antwort geschickt ({detail}). Es wurde nichts geändert; Tidemark versucht es wieder.',
  'no-server':
    'Unter {server} antwortet kein Tidemark-Server ({detail}). Es wurde nichts verbunden; prüfe die Adresse und ob der Server läuft.',
  'bad-address': '{detail} Es wurde nichts verbunden oder gesendet.',
  internal: 'Der Server hatte einen eigenen Fehler. Es wurde nichts geändert; Tidemark versucht es wieder.',
  unavailable: 'Der Server startet oder beendet sich gerade. Tidemark versucht es wieder.',
  'too-many-requests': 'Der Server bittet um eine Pause. In {seconds} s geht es weiter.',
  'server-space': 'Der Server hat keinen Platz mehr. Deine Änderungen warten auf diesem Computer.',
  thawing:
    '{file} wird aus dem kalten Speicher des Servers zurückgeholt. Es kommt von selbst in etwa {seconds} s.',
  'bad-password': 'Dieses Passwort geht nicht: {detail}. Es wurde nichts geändert.',
  'sign-up-closed':
    'Dieser Server legt keine Konten an, wenn jemand danach fragt. Wer ihn betreibt, kann dich hinzufügen oder Anmeldungen zulassen. Es wurde nichts geändert.',
  'sign-up-code':
    'Dieser Server nimmt neue Leute nur auf Einladung auf und wartet auf einen anderen Code: jeder gilt einmal und nicht ewig. Frage, wer ihn betreibt, danach. Es wurde nichts geändert.',
  'user-taken': 'Ein Konto mit diesem Namen gibt es schon. Wähle einen anderen; es wurde nichts geändert.',
  'bad-certificate':
    'Was unter {server} antwortet, kann nicht beweisen, dass es dieser Server ist ({detail}). Es wurde nichts dorthin gesendet. Wer den Server betreibt, muss nach seinem Zertifikat sehen; ein eigenes gilt mit --ca.',
  'wrong-password': 'Benutzername oder Passwort stimmt nicht. Es wurde nichts verbunden oder geändert.',
  'signed-out':
    'Dieses Gerät ist nicht mehr mit dem Konto verbunden. Melde dich wieder an; alle Dateien bleiben auf diesem Computer.',
  forbidden: 'Dein Konto darf {file} nicht ändern. Deine Version bleibt auf diesem Computer.',
  'no-such-share': 'Nichts, was mit dir geteilt ist, heißt {share}.',
  'share-unclear':
    'Mehr als eine Freigabe heißt {share}. Nenne sie bei ihrem Ordner oder ihrer Nummer: {others}.',
  'share-folder':
    '{file} ist der Ordner einer Freigabe: Frage nach etwas darin, oder nimm ihn mit „tidemark shares off“ von diesem Computer. Es wurde nichts geändert.',
  'share-not-sent':
    'In {share} ist nicht alles abgeglichen, oder ein Konflikt darin ist offen: Der Ordner bleibt hier. Warte, bis alles aktuell ist, und versuche es dann noch einmal.',
  'no-such-folder':
    '{file} kann keine Freigabe aufnehmen: Es ist kein Ordner von dir auf diesem Computer. Es wurde nichts geändert.',
  'share-refused': 'Das wurde abgelehnt: {detail}. Es wurde nichts geändert.',
  'device-cloned':
    'Eine andere Kopie dieses Geräts ist in Gebrauch. Verbinde diesen Computer neu; dann wird zusammengeführt und nichts gelöscht.',
  quota:
    'Das Konto ist voll ({detail}). {file} wartet auf diesem Computer und geht hoch, sobald Platz ist; wer den Server betreibt, kann mehr geben.',
  'bad-request': 'Der Server hat die Anfrage nicht verstanden: {detail}.',
  'not-found': 'Der Server kennt nichts unter diesem Namen.',
  'too-large': '{detail} ist größer, als dieser Server annimmt.',
  unprocessable: 'Der Server hat die Änderung abgelehnt: {detail}.',
  'protocol-version':
    'Server und App sprechen verschiedene Versionen. Aktualisiere die ältere; alle Dateien bleiben, wie sie sind.',
  'late-edit':
    '{file} wurde anderswo geändert, bevor deine Änderung ankam, und der Server nimmt gerade keine verspäteten Änderungen an. Deine wartet auf diesem Computer; nichts wurde überschrieben.',
  'key-reused':
    'Die Änderung an {file} stieß mit einer früheren dieses Geräts zusammen und wird unter neuem Schlüssel gesendet.',
  'key-burned': 'Ein älterer Versuch für {file} wurde von einem neueren überholt.',
  'bad-name':
    '{file} hat einen Namen, der nicht synchronisiert werden kann: {detail}. Hier bleibt sie, wie sie ist.',
  'bad-manifest': '{file} änderte sich beim Senden. Sie wird noch einmal gelesen.',
  'bad-chunk': '{file} änderte sich oder wurde unterwegs beschädigt. Sie wird noch einmal gesendet.',
  'unknown-parent': 'Der Ordner von {file} ist noch nicht auf dem Server. Er wird zuerst gesendet.',
  'unknown-node': 'Der Server kennt {file} nicht mehr. Es wird neu verglichen.',
  'unknown-version': 'Diese Version von {file} wird nicht mehr aufbewahrt.',
  'file-too-large': '{file} ist größer, als der Server annimmt. Sie bleibt auf diesem Computer.',
  'disk-full':
    'Auf der Festplatte ist kein Platz für {file}. Sie wird geholt, sobald Platz ist; nichts wurde abgeschnitten.',
  'no-access':
    '{file} kann hier nicht gelesen oder geschrieben werden. Gib den Zugriff frei; bis dahin wartet sie und gilt nie als gelöscht.',
  'review-grew':
    'Inzwischen ist mehr angehalten, als dir gezeigt wurde: {count} Dateien. Es wurde nichts entschieden; sieh sie dir noch einmal an.',
  'file-busy': '{file} wird von einem anderen Programm benutzt. Tidemark versucht es wieder.',
  'file-changing': '{file} ändert sich ständig. Sie wird gesendet, sobald sie ruht.',
  'name-held':
    '{file} kann auf dieser Festplatte nicht so heißen: {detail}. Benenne sie für alle um, dann kommt sie herunter.',
  'case-twin':
    '{file} unterscheidet sich von {other} nur in Groß- und Kleinschreibung, und diese Festplatte kann nicht beide halten. Benenne eine für alle um.',
  'name-not-text':
    'Eine Datei in {file} hat einen Namen, der kein lesbarer Text ist. Sie bleibt, wie sie ist, und wird nicht synchronisiert.',
  'not-a-file':
    '{file} ist ein Gerät, eine Pipe oder ein Socket. Es bleibt, wie es ist, und wird nicht synchronisiert.',
  'other-mount':
    '{file} liegt auf einem anderen eingehängten Datenträger. Es bleibt unberührt und gilt nie als gelöscht.',
  'disk-error':
    'Die Festplatte meldet einen Fehler bei {file} ({detail}). Nichts gilt als gelöscht; Tidemark versucht es wieder.',
  'damaged-download': '{file} kam nicht ganz an. Sie wird noch einmal geholt; was du hast, bleibt.',
  'in-the-way':
    'Wo {file} hingehört, steht etwas, das nicht synchronisiert wird. Räum es beiseite, dann kommt {file} herunter.',
  'silent-change':
    'Die Bytes von {file} haben sich geändert, obwohl nichts auf eine Bearbeitung hinweist (eine defekte Festplatte?). Sie wurde nicht gesendet. Du kannst sie als deine Bearbeitung übernehmen; die Version davor steht im Verlauf.',
  'root-gone':
    'Der Ordner {file} ist nicht da (ausgesteckt oder verschoben?). Die Synchronisierung steht, bis er zurück ist; nichts wird gelöscht.',
  'root-unwritable':
    'Tidemark darf in {file} nicht schreiben. Wähle einen anderen Ordner oder ändere seine Rechte; es wurde nichts geändert.',
  'root-not-folder':
    '{file} ist eine Datei; dort lässt sich kein Ordner anlegen. Wähle einen anderen Ort; es wurde nichts geändert.',
  'root-full':
    'Die Festplatte von {file} ist voll. Die Synchronisierung steht, bis Platz ist; es wurde nichts geändert.',
  'root-foreign':
    'Der Ordner {file} gehört zu einem anderen Tidemark-Gerät. Es wurde nichts geändert. Wähle einen anderen Ordner oder verbinde ihn so, wie er verbunden war.',
  'root-nested':
    '{file} liegt in einem Ordner, der schon synchronisiert wird, oder um ihn herum ({other}). Wähle einen anderen; es wurde nichts geändert.',
  'root-replaced':
    'Das Zeichen, das Tidemark in {file} aufbewahrt, ist beschädigt ({detail}); der Ordner könnte ein anderer sein. Die Synchronisierung steht; nichts wird gelöscht. Verbinde ihn neu, dann wird zusammengeführt.',
  'share-astray':
    'Der Ordner {file} gehört zu einer Freigabe, deren Ort hier nicht bekannt ist. Er bleibt unberührt, bis er es ist.',
  'share-read-only':
    'Du darfst diese Freigabe ansehen, aber nicht ändern: Deine Version von {file} bleibt auf diesem Computer und geht hoch, sobald du ändern darfst.',
  'share-missing':
    'Der Ordner der Freigabe {share} ist nicht an seinem Ort ({file}). Für niemanden wurde etwas gelöscht. Leg ihn zurück oder gib ihm einen Ort: Dann kommt er wieder herunter.',
  'share-ended':
    'Du bist nicht mehr in der Freigabe {share}. Ihr Ordner liegt 30 Tage im Papierkorb dieses Computers.',
  'share-ended-kept':
    'Du bist nicht mehr in der Freigabe {share}. Was du geändert hattest und nicht gesendet werden konnte, liegt in {kept}; der Rest 30 Tage im Papierkorb dieses Computers.',
  'share-away-kept':
    'Der Ordner der Freigabe {share} ist nicht mehr auf diesem Computer. Was du geändert hattest und noch nicht gesendet war, liegt in {kept}; der Rest 30 Tage im Papierkorb dieses Computers.',
  'root-restored':
    '{file}, oder was Tidemark davon weiß, wurde aus einer älteren Kopie zurückgeholt. Alles wird neu verglichen und zusammengeführt; nichts wird gelöscht.',
  'server-restored':
    'Der Server wurde aus einer älteren Sicherung zurückgeholt. Alles wird neu verglichen; was ihm fehlt, geht noch einmal hoch, und nichts wird gelöscht.',
  'state-inside':
    'Der Zustand in {other} läge in {file}, das synchronisiert werden soll. Wähle für eines von beiden einen anderen Ort; es wurde nichts geändert.',
  'state-taken':
    'Der Zustand in {file} gehört zu einem Gerät, das mit einem anderen Ordner verbunden ist. Wähle einen anderen Ort für den Zustand; es wurde nichts geändert.',
  'state-newer':
    'Der Zustand in {file} stammt von einem neueren Tidemark. Aktualisiere dieses hier; es wurde nichts geändert.',
  'state-corrupt':
    'Der Zustand in {file} war beschädigt und wurde beiseitegelegt. Tidemark vergleicht alles neu und löscht nichts.',
  'state-full':
    'Die Festplatte mit dem Zustand in {file} ist voll. Die Synchronisierung steht, bis Platz ist; es wurde nichts geändert.',
  'state-unusable': 'Der Zustand in {file} ist nicht zu gebrauchen ({detail}). Es wurde nichts geändert.',
  'state-in-use': 'Ein anderes Tidemark läuft mit dem Zustand in {file} (Prozess {other}).',
  'state-missing': 'In {file} ist kein verbundenes Gerät. Richte diesen Computer zuerst ein.',
  'hostile-server':
    'Der Server {server} hat etwas geschickt, was kein ehrlicher Server schickt ({detail}). Die Synchronisierung steht; auf diesem Computer wurde nichts angerührt.',
  'server-changed':
    'Der Server {server} ist nicht der, mit dem dieses Gerät verbunden wurde. Die Synchronisierung steht; es wurde nichts geändert.',
  'changed-since':
    '{file} wurde inzwischen wieder geändert; das lässt sich nicht mehr zurücknehmen. Im Verlauf ist jede Version.',
  'not-undoable': 'Von hier aus lässt sich das nicht zurücknehmen. Es wurde nichts geändert.',
  'in-online-folder':
    '{file} ist in {other}, das als Ganzes online bleibt. Hole {other} auf diesen Computer.',
  'not-a-folder': '{file} ist kein Ordner.',
  'engine-gone':
    'Die Sync-Engine wird gerade gestartet. Es wurde nichts geändert; versuche es gleich noch einmal.',
  'cannot-open': '{file} konnte nicht geöffnet werden: {detail}. Es wurde nichts geändert.',
  'cannot-start': 'Ein Teil von Tidemark ist nicht gestartet: {detail}. Es wurde nichts geändert.',
  'linked-already': 'Dieser Computer synchronisiert {file} schon. Es wurde nichts geändert.',
  'no-merge-tool':
    'Es ist noch kein Merge-Programm gewählt: wähle eines in den Einstellungen. Es wurde nichts geändert.',
  'merge-not-open':
    'Das Merge-Programm hat für diesen Konflikt noch nichts geschrieben. Öffne ihn dort und speichere zuerst.',
  'token-awaited':
    'Die Anmeldung dieses Computers liegt in seinem Schlüsselbund, nicht in {state}. Öffne die Tidemark-App, oder gib sie mit „tidemark token give --token-file DATEI --state {state}“ weiter.',
  'no-update': 'Es gibt kein Update, das diese App selbst installieren kann.',
  'name-taken':
    '{file} gibt es schon, oder einen Namen, der sich nur in Groß- und Kleinschreibung unterscheidet. Wähle einen anderen Namen; es wurde nichts geändert.',
  'no-moment': '{file} lässt sich nicht so zeigen, wie es damals war: {detail}. Es wurde nichts geändert.',
};
